// Samples of a guide: copied with one press, and filled with the reader's token, which stays in this page's memory.
import { byId, el } from "../core/dom.js";
import { toast } from "../core/shell.js";
import { t } from "../core/texts.js";

const PLACEHOLDER = "YOUR_TOKEN";
/** What tokens are made of; anything else could end a quotation in a sample. */
const CHARACTERS = /^[\w.-]*$/;

let held = "";

/** The token that the reader has put in, or "". */
export function token() {
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

/** Put the reader's token into the samples as it is typed. */
export function letFill() {
  const input = document.getElementById("token");
  if (!(input instanceof HTMLInputElement)) return;
  const wrong = byId("token-wrong");
  input.addEventListener("input", () => {
    const typed = input.value.trim();
    const good = CHARACTERS.test(typed);
    held = good ? typed : "";
    wrong.hidden = good;
    wrong.textContent = good ? "" : t("docs.token_wrong");
    input.setAttribute("aria-invalid", String(!good));
    for (const place of document.querySelectorAll(".sample .token")) place.textContent = held || PLACEHOLDER;
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
