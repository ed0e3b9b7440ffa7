// From a playing video to JPEG bytes of its newest frame, never the same frame twice.

import { contextOf } from "../core/dom.js";

/** @import { Limits } from "../client/types.js" */

const LONGEST_SIDE = 640;
const QUALITY = 0.82;
const NO_FRAME_AFTER = 250;

export class FrameGrabber {
  #video;
  #canvas = document.createElement("canvas");
  #context = contextOf(this.#canvas, { alpha: false });
  #shown = false;
  #mostBytes = Infinity;
  #mostPixels = LONGEST_SIDE ** 2;

  /** @param {HTMLVideoElement} video */
  constructor(video) {
    this.#video = video;
    this.#watch();
  }

  /**
   * Make frames that the server takes.
   * @param {Limits} limits as it told them on connecting
   */
  keepTo({ max_frame_bytes, max_pixels }) {
    this.#mostBytes = max_frame_bytes;
    this.#mostPixels = Math.min(max_pixels, LONGEST_SIDE ** 2);
  }

  /** The size of the frames that are sent, in pixels. */
  get size() {
    return { width: this.#canvas.width, height: this.#canvas.height };
  }

  /**
   * Return the newest frame; null where none came in a quarter of a second, or one that is too heavy for the server.
   * @returns {Promise<ArrayBuffer|null>}
   */
  async grab() {
    if (!(await this.#newFrame())) return null;
    this.#shown = false;
    this.#draw();
    const blob = await this.#encoded();
    if (!blob || blob.size <= this.#mostBytes) return blob?.arrayBuffer() ?? null;
    this.#mostPixels = (this.#canvas.width * this.#canvas.height) / 2; // The next one is lighter.
    return null;
  }

  /** @returns {Promise<Blob|null>} */
  #encoded() {
    return new Promise((resolve) => {
      this.#canvas.toBlob(resolve, "image/jpeg", QUALITY);
    });
  }

  #draw() {
    const { videoWidth, videoHeight } = this.#video;
    const fitting = Math.sqrt(this.#mostPixels / (videoWidth * videoHeight));
    const scale = Math.min(1, LONGEST_SIDE / Math.max(videoWidth, videoHeight), fitting);
    const [width, height] = [Math.round(videoWidth * scale), Math.round(videoHeight * scale)];
    if (this.#canvas.width !== width || this.#canvas.height !== height) Object.assign(this.#canvas, { width, height });
    this.#context.drawImage(this.#video, 0, 0, width, height);
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

  /** @returns {Promise<boolean>} whether one came in time */
  #newFrame() {
    const { readyState, paused, videoWidth } = this.#video;
    const ready = readyState >= HTMLMediaElement.HAVE_CURRENT_DATA && !paused && videoWidth > 0;
    if (ready && (this.#shown || !("requestVideoFrameCallback" in this.#video))) return Promise.resolve(true);
    return new Promise((resolve) => {
      const done = () => {
        clearTimeout(timer);
        this.#video.removeEventListener("newframe", done);
        resolve(this.#video.videoWidth > 0 && this.#shown);
      };
      const timer = setTimeout(done, NO_FRAME_AFTER);
      this.#video.addEventListener("newframe", done);
    });
  }
}
