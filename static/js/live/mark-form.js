// Marking a moment: the moment is that of the key or button, the label may be written in peace.
import { byId } from "../core/dom.js";
import { number, t } from "../core/texts.js";

/** @typedef {(label: string, at: number) => void} Mark takes a label and the run's time in milliseconds */

export class MarkForm {
  #form = byId("mark-form", HTMLFormElement);
  #label = byId("mark-label", HTMLInputElement);
  #button = byId("mark", HTMLButtonElement);
  #now;
  #at = 0;
  #count = 0;

  /**
   * @param {() => number} now the run's time in milliseconds
   * @param {Mark} mark called when one is saved
   */
  constructor(now, mark) {
    this.#now = now;
    this.#button.addEventListener("click", () => this.open());
    byId("mark-cancel").addEventListener("click", () => this.#close());
    this.#form.addEventListener("keydown", (event) => {
      if (event.key === "Escape") this.#close();
      event.stopPropagation();
    });
    this.#form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.#count += 1;
      mark(this.#label.value.trim() || this.#default, this.#at);
      this.#close();
    });
  }

  /** @param {boolean} on whether there is anything to mark */
  set isUsable(on) {
    this.#button.disabled = !on;
  }

  /** Ask for the label of this moment. */
  open() {
    if (this.#button.disabled || !this.#form.hidden) return;
    this.#at = this.#now();
    this.#label.value = this.#default;
    this.#form.hidden = false;
    this.#label.focus();
    this.#label.select();
  }

  /** Begin to count anew. */
  reset() {
    this.#count = 0;
    this.#form.hidden = true;
    this.isUsable = false;
  }

  get #default() {
    return t("mark.default", { number: number(this.#count + 1) });
  }

  #close() {
    this.#form.hidden = true;
    this.#button.focus();
  }
}
