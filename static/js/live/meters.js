// What is measured while frames go round: how many a second, how long one takes, how many were dropped.

/** @import { FrameAnswer } from "../client/types.js" */

const WINDOW = 5000;

export class Meters {
  #answers = /** @type {{at: number, rtt: number, server: number|null}[]} */ ([]);

  dropped = 0;

  /**
   * @param {number} rtt milliseconds from sending to the answer
   * @param {FrameAnswer} answer
   */
  add(rtt, answer) {
    const lost = answer.status === "dropped" || answer.status === "busy";
    if (lost) this.dropped += 1;
    else this.#answers.push({ at: performance.now(), rtt, server: answer.processing_time_ms });
  }

  /** Means of the last five seconds; nulls where nothing came. */
  get now() {
    const from = performance.now() - WINDOW;
    this.#answers = this.#answers.filter(({ at }) => at >= from);
    const count = this.#answers.length;
    if (!count) return { fps: null, rtt: null, server: null, dropped: this.dropped };
    const span = Math.max(500, performance.now() - this.#answers[0].at);
    return {
      fps: (count * 1000) / span,
      rtt: mean(this.#answers.map(({ rtt }) => rtt)),
      server: mean(this.#answers.map(({ server }) => server ?? 0)),
      dropped: this.dropped,
    };
  }

  /** Begin anew. */
  reset() {
    this.#answers = [];
    this.dropped = 0;
  }
}

/** @param {number[]} values */
function mean(values) {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
