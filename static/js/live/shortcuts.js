// Keyboard shortcuts: single keys, which nobody who types means and everybody may switch off (WCAG 2.1.4).
import { byId } from "../core/dom.js";

const REMEMBERED = "visionai.keys";
const TYPED_IN = "input, textarea, select, [contenteditable]";
/** Where the space bar has a meaning already. */
const PRESSED = `${TYPED_IN}, button, a, summary, [role=slider]`;

/** @param {Record<string, () => void>} actions by the key, a small letter or a space */
export function startShortcuts(actions) {
  const box = byId("keys-on", HTMLInputElement);
  const dialog = byId("keys-dialog", HTMLDialogElement);
  box.checked = localStorage.getItem(REMEMBERED) !== "off";
  box.addEventListener("change", () => localStorage.setItem(REMEMBERED, box.checked ? "on" : "off"));
  byId("keys").addEventListener("click", () => dialog.showModal());
  addEventListener("keydown", (event) => {
    const key = event.key.toLowerCase();
    const action = actions[key];
    if (!action || !box.checked || isMeantOtherwise(event)) return;
    event.preventDefault();
    action();
  });
}

/** @param {KeyboardEvent} event */
function isMeantOtherwise({ key, target, repeat, ctrlKey, altKey, metaKey }) {
  if (repeat || ctrlKey || altKey || metaKey || document.querySelector("dialog[open]")) return true;
  return target instanceof Element && target.closest(key === " " ? PRESSED : TYPED_IN) !== null;
}
