// What goes wrong with a call, said on the page. Anything else is a fault of ours, and goes on to the console.
import { byId } from "./dom.js";
import { ApiError } from "./http.js";

/**
 * Run an action; hand what the API refused to `tell`.
 * @param {() => unknown} action awaited
 * @param {(error: ApiError) => void} tell
 */
export async function attempt(action, tell) {
  try {
    await action();
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    tell(error);
  }
}

/**
 * Say it in the notice of the page, or in another one.
 * @param {string} text
 * @param {string} [id] of the notice; what it says is in `id-text`
 */
export function showFailure(text, id = "failed") {
  byId(`${id}-text`).textContent = text;
  byId(id).hidden = false;
}

/** @param {string} [id] of the notice */
export function hideFailure(id = "failed") {
  byId(id).hidden = true;
}

/**
 * Keep a button from being pressed again while what it does goes on.
 * @param {HTMLButtonElement} button
 * @param {() => Promise<void>} action
 */
export async function whileDisabled(button, action) {
  button.disabled = true;
  await action().finally(() => {
    button.disabled = false;
  });
}
