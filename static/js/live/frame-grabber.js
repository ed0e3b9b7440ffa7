// The newest frame that a playing video shows, never the same one twice.
import { pause } from "../core/time.js";
import { FrameEncoder } from "./frame-encoder.js";

/** @import { Limits } from "../client/types.js" */

const NO_FRAME_AFTER = 250;

export class FrameGrabber {
  #video;
  #encoder = new FrameEncoder();
  #shown = false;
  #grabbedAt = -1;

  /** @param {HTMLVideoElement} video */
  constructor(video) {
    this.#video = video;
    this.#watch();
  }

  /** @param {Limits} limits of the server */
  keepTo(limits) {
    this.#encoder.keepTo(limits);
  }

  /** The size of the frames that are sent, in pixels. */
  get size() {
    return this.#encoder.size;
  }

  /**
   * Return the newest frame; null where none came in a quarter of a second, or one that is too heavy for the server.
   * @param {number} rest milliseconds to wait before
   * @returns {Promise<ArrayBuffer|null>}
   */
  async grab(rest) {
    if (rest > 0) await pause(rest);
    if (!(await this.#newFrame())) return null;
    this.#shown = false;
    this.#grabbedAt = this.#video.currentTime;
    return this.#encoder.encode(this.#video, this.#video.videoWidth, this.#video.videoHeight);
  }

  /** Note each frame that the video shows, where the browser tells; else every picture counts as new. */
  #watch() {
    if (!("requestVideoFrameCallback" in this.#video)) return;
    this.#video.requestVideoFrameCallback(() => {
      this.#shown = true;
      this.#video.dispatchEvent(new Event("newframe"));
      this.#watch();
    });
  }

  /** Whether there is one that was not grabbed: a hidden page is not told, with its video in a window or not. */
  get #isNew() {
    const { readyState, paused, videoWidth, currentTime } = this.#video;
    const isThere = readyState >= HTMLMediaElement.HAVE_CURRENT_DATA && !paused && videoWidth > 0;
    const isTold = "requestVideoFrameCallback" in this.#video && !document.hidden;
    return isThere && (isTold ? this.#shown : currentTime !== this.#grabbedAt);
  }

  /** @returns {Promise<boolean>} whether one came in time */
  #newFrame() {
    if (this.#isNew) return Promise.resolve(true);
    return new Promise((resolve) => {
      const done = () => {
        clearTimeout(timer);
        this.#video.removeEventListener("newframe", done);
        resolve(this.#isNew);
      };
      const timer = setTimeout(done, NO_FRAME_AFTER);
      this.#video.addEventListener("newframe", done);
    });
  }
}
