// Forms that say beside each field what is wrong with it.
import { byId, el } from "./dom.js";
import { ApiError } from "./http.js";
import { ready } from "./ready.js";
import { t } from "./texts.js";

/**
 * Send a form by a function of ours; from now on it can be sent.
 * @param {HTMLFormElement} form its fields are named as the API names them
 * @param {(values: Record<string, string>) => Promise<void>} send
 */
export function onSubmit(form, send) {
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    clear(form);
    if (missing(form)) return;
    const button = form.querySelector("[type=submit]");
    button.disabled = true;
    try {
      await send(Object.fromEntries(new FormData(form)));
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      explain(form, error);
    } finally {
      button.disabled = false;
    }
  });
  ready();
}

/** @param {HTMLFormElement} form */
function clear(form) {
  byId("failed").hidden = true;
  for (const note of form.querySelectorAll(".wrong")) note.remove();
  for (const input of form.querySelectorAll("[aria-invalid]")) {
    input.removeAttribute("aria-invalid");
    input.removeAttribute("aria-errormessage");
  }
}

/** @param {HTMLFormElement} form */
function missing(form) {
  const empty = [...form.querySelectorAll("[required]")].filter(({ value }) => !value);
  for (const input of empty) mark(input, t("form.missing"));
  empty[0]?.focus();
  return empty.length > 0;
}

/**
 * @param {HTMLFormElement} form
 * @param {ApiError} error
 */
function explain(form, error) {
  const fields = Object.entries(error.code === "validation_failed" ? error.details : {}).filter(([name]) => form.elements[name]);
  for (const [name, said] of fields) mark(form.elements[name], [said].flat().join(" "));
  if (fields.length) {
    form.elements[fields[0][0]].focus();
    return;
  }
  byId("failed-text").textContent = error.message;
  byId("failed").hidden = false;
}

/**
 * @param {HTMLInputElement} input
 * @param {string} text
 */
function mark(input, text) {
  const id = `${input.id}-wrong`;
  input.setAttribute("aria-invalid", "true");
  input.setAttribute("aria-errormessage", id);
  input.after(el("p", { class: "wrong", id, role: "alert" }, text));
}
