// From a picture to the JPEG that is sent: small enough for the server, on a canvas that pages and workers have.
import { contextOf } from "../core/dom.js";

/** @import { Limits } from "../client/types.js" */

const LONGEST_SIDE = 640;
const QUALITY = 0.82;

export class FrameEncoder {
  #canvas = new OffscreenCanvas(1, 1);
  #context = contextOf(this.#canvas, { alpha: false });
  #mostBytes = Infinity;
  #mostPixels = LONGEST_SIDE ** 2;

  /**
   * Make frames that the server takes.
   * @param {Limits} limits as it told them on connecting
   */
  keepTo({ max_frame_bytes, max_pixels }) {
    this.#mostBytes = max_frame_bytes;
    this.#mostPixels = Math.min(max_pixels, LONGEST_SIDE ** 2);
  }

  /** The size of the last frame, in pixels. */
  get size() {
    return { width: this.#canvas.width, height: this.#canvas.height };
  }

  /**
   * @param {CanvasImageSource} picture
   * @param {number} width of the picture
   * @param {number} height
   * @returns {Promise<ArrayBuffer|null>} null where it is too heavy for the server: the next one is lighter
   */
  async encode(picture, width, height) {
    this.#fit(width, height);
    this.#context.drawImage(picture, 0, 0, this.#canvas.width, this.#canvas.height);
    const blob = await this.#canvas.convertToBlob({ type: "image/jpeg", quality: QUALITY });
    if (blob.size <= this.#mostBytes) return blob.arrayBuffer();
    this.#mostPixels = (this.#canvas.width * this.#canvas.height) / 2;
    return null;
  }

  /**
   * @param {number} width
   * @param {number} height
   */
  #fit(width, height) {
    const scale = Math.min(1, LONGEST_SIDE / Math.max(width, height), Math.sqrt(this.#mostPixels / (width * height)));
    const size = { width: Math.round(width * scale), height: Math.round(height * scale) };
    if (this.#canvas.width !== size.width || this.#canvas.height !== size.height) Object.assign(this.#canvas, size);
  }
}
