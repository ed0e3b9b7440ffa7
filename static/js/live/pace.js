// How fast frames are sent: as fast as they are answered, or slowly while there is nobody to be seen.

/** Milliseconds without a face after which it is slow. */
const SLOW_AFTER = 10_000;
/** Milliseconds between two frames then. */
const SLOW = 500;

/** It has no clock: every call is told the time, in milliseconds. */
export class Pace {
  #seenAt = -Infinity;
  #sentAt = -Infinity;

  /**
   * From now on as if somebody had just been seen.
   * @param {number} now
   */
  begin(now) {
    this.#seenAt = now;
    this.#sentAt = -Infinity;
  }

  /**
   * Note an answer.
   * @param {number} faces how many it tells of
   * @param {number} now
   */
  answered(faces, now) {
    if (faces) this.#seenAt = now;
  }

  /**
   * How long to wait before the next frame, which is then taken.
   * @param {number} now
   */
  rest(now) {
    const rest = now - this.#seenAt < SLOW_AFTER ? 0 : Math.max(0, this.#sentAt + SLOW - now);
    this.#sentAt = now + rest;
    return rest;
  }
}
