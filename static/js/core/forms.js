// Forms that say beside each field what is wrong with it.
import { el } from "./dom.js";
import { attempt, hideFailure, showFailure, whileDisabled } from "./failures.js";
import { ready } from "./ready.js";
import { t } from "./texts.js";

/** @import { ApiError } from "./http.js" */

/**
 * Send a form by a function of ours; from now on it can be sent.
 * @template {string} Name
 * @param {HTMLFormElement} form its fields are named as the API names them
 * @param {(values: Record<Name, string>) => Promise<void>} send
 * @param {string} [notice] id of what says what concerns no field
 */
export function onSubmit(form, send, notice = "failed") {
  onSend(form, async () => {
    clear(form, notice);
    if (missing(form)) return;
    const values = /** @type {Record<Name, string>} */ (Object.fromEntries(new FormData(form)));
    await attempt(
      () => send(values),
      (error) => explain(form, error, notice),
    );
  });
  ready();
}

/**
 * Run an action in the place of sending a form.
 * @param {HTMLFormElement} form
 * @param {() => Promise<void>} action its button is disabled meanwhile
 */
export function onSend(form, action) {
  const button = form.querySelector("[type=submit]");
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    if (button instanceof HTMLButtonElement) whileDisabled(button, action);
  });
}

/**
 * @param {HTMLFormElement} form
 * @param {string} notice
 */
function clear(form, notice) {
  hideFailure(notice);
  for (const note of form.querySelectorAll(".wrong")) note.remove();
  for (const input of form.querySelectorAll("[aria-invalid]")) {
    input.removeAttribute("aria-invalid");
    input.removeAttribute("aria-errormessage");
  }
}

/** @param {HTMLFormElement} form */
function missing(form) {
  const empty = fieldsOf(form).filter(({ required, value }) => required && !value);
  for (const input of empty) mark(input, t("form.missing"));
  empty[0]?.focus();
  return empty.length > 0;
}

/**
 * @param {HTMLFormElement} form
 * @param {ApiError} error
 * @param {string} notice
 */
function explain(form, error, notice) {
  const wrong = new Map(error.fields);
  const inputs = fieldsOf(form).filter(({ name }) => wrong.has(name));
  for (const input of inputs) mark(input, wrong.get(input.name) ?? "");
  if (inputs.length) inputs[0].focus();
  else showFailure(error.message, notice);
}

/** @param {HTMLFormElement} form */
function fieldsOf(form) {
  return [...form.elements].filter((field) => field instanceof HTMLInputElement);
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
