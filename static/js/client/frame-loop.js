// Frames one after the other: the next when the answer to the last one is here.
import { StreamError } from "./failures.js";
import { pause } from "./gate.js";

/** @import { ClientEvents, FrameAnswer, FrameOptions } from "./types.js" */

const BUSY_PAUSE = 250;

/**
 * @typedef {object} Stream what a loop sends over
 * @property {() => Promise<unknown>} ready
 * @property {(image: ArrayBuffer|Uint8Array, options: FrameOptions) => Promise<FrameAnswer>} predict
 * @property {<Name extends "frame"|"prediction"|"problem">(name: Name, detail: ClientEvents[Name]) => void} tell
 */

export class FrameLoop {
  #stream;
  #turn = 0;

  /** @param {Stream} stream */
  constructor(stream) {
    this.#stream = stream;
  }

  /**
   * Send frames until `stop`, or until another start.
   * @param {() => Promise<ArrayBuffer|Uint8Array|null>} capture
   * @param {FrameOptions|(() => FrameOptions)} options
   */
  async start(capture, options) {
    this.#turn += 1;
    const turn = this.#turn;
    while (turn === this.#turn) {
      await this.#stream.ready();
      const image = await capture();
      if (turn !== this.#turn) return;
      if (image) await this.#exchange(image, typeof options === "function" ? options() : options);
    }
  }

  stop() {
    this.#turn += 1;
  }

  /**
   * @param {ArrayBuffer|Uint8Array} image
   * @param {FrameOptions} options
   */
  async #exchange(image, options) {
    const { predict, tell } = this.#stream;
    const sent = performance.now();
    try {
      const answer = await predict(image, options);
      tell("frame", { rtt: performance.now() - sent, answer });
      if (answer.status === "busy") await pause(answer.retry_after_ms ?? BUSY_PAUSE);
      else if (answer.status !== "dropped") tell("prediction", answer);
    } catch (error) {
      if (!(error instanceof StreamError)) throw error;
      tell("problem", error);
      await pause(BUSY_PAUSE);
    }
  }
}
