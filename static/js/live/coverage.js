// When frames were read, and the gaps in which none were: a pause, a lost connection, a page that slept.

/** Milliseconds between two answers from which they leave a gap; without faces two frames a second are read. */
export const SHORTEST_GAP = 1500;

export class Coverage {
  #last = /** @type {number|null} */ (null);
  #gaps = /** @type {[number, number][]} */ ([]);

  /**
   * Note a frame that was answered.
   * @param {number} at milliseconds of the run
   */
  note(at) {
    if (this.#last !== null && at - this.#last > SHORTEST_GAP) this.#gaps.push([this.#last, at]);
    this.#last = at;
  }

  /**
   * The gaps until now, the last of which may not be over.
   * @param {number} now milliseconds of the run
   * @returns {[number, number][]}
   */
  gaps(now) {
    const open = this.#last !== null && now - this.#last > SHORTEST_GAP;
    return open ? [...this.#gaps, [/** @type {number} */ (this.#last), now]] : [...this.#gaps];
  }

  clear() {
    this.#last = null;
    this.#gaps = [];
  }
}
