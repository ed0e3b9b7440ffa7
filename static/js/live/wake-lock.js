// Keeping the screen on while frames are read: a phone that sleeps reads none.

export class WakeLock {
  #wanted = false;
  #held = /** @type {WakeLockSentinel|null} */ (null);

  constructor() {
    // The browser takes it away from a page that is hidden.
    document.addEventListener("visibilitychange", () => this.#take());
  }

  /** @param {boolean} on */
  async want(on) {
    this.#wanted = on;
    if (on) await this.#take();
    else {
      await this.#held?.release();
      this.#held = null;
    }
  }

  async #take() {
    if (!this.#wanted || document.hidden || (this.#held && !this.#held.released)) return;
    const held = await navigator.wakeLock?.request("screen").catch(() => null); // Low on power: the system decides.
    if (!held) return;
    if (this.#wanted) this.#held = held;
    else held.release();
  }
}
