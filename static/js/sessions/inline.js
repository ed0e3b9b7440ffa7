// Texts that are written where they stand: Enter or leaving the field saves, Escape takes it back.
import { attempt } from "../core/failures.js";
import { toast } from "../core/shell.js";

/**
 * Save what is written in a field.
 * @param {HTMLInputElement|HTMLTextAreaElement} field its value is what is saved now
 * @param {(text: string) => Promise<void>} save
 */
export function writtenHere(field, save) {
  let saved = field.value;
  const send = () => {
    const text = field.value.trim();
    if (text === saved.trim()) return;
    const before = saved;
    saved = text;
    attempt(
      () => save(text),
      (error) => {
        saved = before;
        toast(error.fields[0]?.[1] ?? error.message);
      },
    );
  };
  field.addEventListener("focus", () => {
    saved = field.value;
  });
  field.addEventListener("blur", send);
  field.addEventListener("keydown", (event) => {
    if (!(event instanceof KeyboardEvent)) return;
    if (event.key === "Escape") {
      field.value = saved;
      field.blur();
    } else if (event.key === "Enter" && (event.ctrlKey || field instanceof HTMLInputElement)) field.blur();
  });
}

/**
 * The text for the API: none where nothing is written.
 * @param {string} text
 */
export function orNull(text) {
  return text === "" ? null : text;
}
