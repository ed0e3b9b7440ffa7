// A page that is hidden: where the browser gives no frames then, nothing is read, and that is said.
import { t } from "../core/texts.js";
import { isInWindow } from "./screen-tools.js";

/** @import { Source } from "./source.js" */

const SAID_FOR = 6000;

/** Events: `change` when it falls asleep or wakes up. */
export class Sleep extends EventTarget {
  #source;
  #isReading = false;
  #title = document.title;
  #timer = 0;
  /** Whether nothing is read because the page is hidden. */
  isOn = false;
  /** What to say of it, also for a moment afterwards. */
  text = /** @type {string|null} */ (null);

  /** @param {Source} source */
  constructor(source) {
    super();
    this.#source = source;
    document.addEventListener("visibilitychange", () => this.#changed());
  }

  /** @param {boolean} on whether frames are to be read */
  set isReading(on) {
    this.#isReading = on;
    if (!on && this.isOn) this.#wake();
  }

  #changed() {
    const source = this.#source;
    if (!document.hidden) {
      if (this.isOn) this.#wake();
    } else if (this.#isReading && !source.readsHidden && !isInWindow()) {
      this.isOn = true;
      source.pause(); // A video waits where it is.
      document.title = t("sleep.title", { title: this.#title });
      this.#say(t("sleep.now"));
    }
  }

  #wake() {
    this.isOn = false;
    document.title = this.#title;
    if (this.#isReading) this.#source.play();
    this.#say(t("sleep.was"));
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#say(null), SAID_FOR);
  }

  /** @param {string|null} text */
  #say(text) {
    this.text = text;
    this.dispatchEvent(new Event("change"));
  }
}
