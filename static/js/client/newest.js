// A place for one frame, where a newer one takes the place of an older.

/** @import { FrameOptions } from "./types.js" */

/** @typedef {{image: ArrayBuffer|Uint8Array, options: FrameOptions}} Offered */

export class Newest {
  #waiting = /** @type {Offered|null} */ (null);
  #wake = () => {};
  #options = /** @type {FrameOptions} */ ({});

  /**
   * @param {ArrayBuffer|Uint8Array} image
   * @param {FrameOptions} options
   * @returns {boolean} whether an older frame had to go
   */
  put(image, options) {
    const replaced = this.#waiting !== null;
    this.#waiting = { image, options };
    this.#wake();
    return replaced;
  }

  /** @returns {Promise<Offered["image"]>} the newest frame, once there is one */
  taken = async () => {
    while (!this.#waiting) await this.#arrival();
    const taken = this.#waiting;
    this.#waiting = null;
    this.#options = taken.options;
    return taken.image;
  };

  optionsOfTaken = () => this.#options;

  /** @returns {Promise<void>} */
  #arrival() {
    return new Promise((resolve) => {
      this.#wake = resolve;
    });
  }
}
