// Samples of a guide: copied with one press, and filled with the reader's key, which stays in this page's memory.
import { byId, el } from "../core/dom.js";
import { toast } from "../core/shell.js";
import { t } from "../core/texts.js";

const PLACEHOLDER = "YOUR_KEY";
/** What keys and tokens are made of; anything else could end a quotation in a sample. */
const KEY = /^[\w.-]*$/;

let held = "";

/** The key or token that the reader has put in, or "". */
export function key() {
  return held;
}

/** Give each sample a button that copies it. */
export function letCopy() {
  for (const sample of document.querySelectorAll(".sample")) {
    const code = sample.querySelector("code");
    const label = sample.querySelector(".sample-language")?.textContent ?? "";
    const button = el(
      "button",
      {
        class: "button quiet small copy",
        type: "button",
        "aria-label": `${t("docs.copy")}: ${label}`,
        on: { click: () => copy(code?.textContent ?? "") },
      },
      t("docs.copy"),
    );
    sample.append(button);
  }
}

/** Put the reader's key into the samples as it is typed. */
export function letFill() {
  const input = document.getElementById("key");
  if (!(input instanceof HTMLInputElement)) return;
  const wrong = byId("key-wrong");
  input.addEventListener("input", () => {
    const typed = input.value.trim();
    const good = KEY.test(typed);
    held = good ? typed : "";
    wrong.hidden = good;
    wrong.textContent = good ? "" : t("docs.key_wrong");
    input.setAttribute("aria-invalid", String(!good));
    for (const place of document.querySelectorAll(".sample .key")) place.textContent = held || PLACEHOLDER;
  });
}

/** @param {string} text */
async function copy(text) {
  try {
    await navigator.clipboard.writeText(text);
    toast(t("docs.copied"));
  } catch {
    toast(t("docs.not_copied"));
  }
}
