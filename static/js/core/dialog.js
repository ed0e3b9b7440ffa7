// Questions before what cannot be undone, or changes something for others.
import { byId } from "./dom.js";

/**
 * Ask with a dialog of the page.
 * @param {HTMLDialogElement} dialog its form has a button with the value "yes"
 * @returns {Promise<boolean>}
 */
export function confirmed(dialog) {
  dialog.returnValue = "";
  dialog.showModal();
  return new Promise((resolve) => {
    dialog.addEventListener("close", () => resolve(dialog.returnValue === "yes"), { once: true });
  });
}

/**
 * Ask with the dialog of `parts/ask.html`.
 * @param {string} action the words of its title and of its button
 * @param {string} question
 * @returns {Promise<boolean>}
 */
export function sure(action, question) {
  byId("ask-title").textContent = action;
  byId("ask-text").textContent = question;
  byId("ask-yes").textContent = action;
  return confirmed(byId("ask-dialog", HTMLDialogElement));
}
