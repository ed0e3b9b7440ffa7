// The question before what changes something for others.
import { confirmed } from "../core/dialog.js";
import { byId } from "../core/dom.js";

/**
 * @param {string} action the words of the button
 * @param {string} question
 * @returns {Promise<boolean>}
 */
export function sure(action, question) {
  byId("ask-title").textContent = action;
  byId("ask-text").textContent = question;
  byId("ask-yes").textContent = action;
  return confirmed(byId("ask-dialog", HTMLDialogElement));
}
