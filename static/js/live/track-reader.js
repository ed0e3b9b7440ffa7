// The newest frame of a camera, read in a worker: as fast in a hidden page as in one that is shown.

/**
 * @import { Limits } from "../client/types.js"
 * @import { Answered, Told } from "./track-worker.js"
 * @typedef {new (init: {track: MediaStreamTrack, maxBufferSize: number}) => {readable: ReadableStream<VideoFrame>}}
 *   Processor
 */

/** Not in every browser: https://www.w3.org/TR/mediacapture-transform/ */
const Processor = /** @type {Processor|undefined} */ (Reflect.get(globalThis, "MediaStreamTrackProcessor"));

export class TrackReader {
  #worker = new Worker(new URL("./track-worker.js", import.meta.url), { type: "module" });
  #waiting = /** @type {((bytes: ArrayBuffer|null) => void)|null} */ (null);
  size = { width: 0, height: 0 };

  /** Whether the browser hands out the frames of a camera. */
  static get isAvailable() {
    return Processor !== undefined;
  }

  /** @param {MediaStreamTrack} track */
  constructor(track) {
    if (!Processor) throw new Error("The browser does not hand out the frames of a track");
    const { readable } = new Processor({ track, maxBufferSize: 1 });
    this.#tell({ frames: readable }, [readable]);
    this.#worker.addEventListener("message", ({ data }) => {
      const { bytes, size } = /** @type {Answered} */ (data);
      this.size = size;
      this.#answer(bytes);
    });
  }

  /** @param {Limits} limits of the server */
  keepTo(limits) {
    this.#tell({ limits });
  }

  /**
   * Return the newest frame; null where the camera has none any more, or one that is too heavy for the server.
   * @param {number} rest milliseconds to wait before
   * @returns {Promise<ArrayBuffer|null>}
   */
  grab(rest) {
    this.#answer(null);
    return new Promise((resolve) => {
      this.#waiting = resolve;
      this.#tell({ rest });
    });
  }

  /** Read no more. */
  close() {
    this.#worker.terminate();
    this.#answer(null);
  }

  /** @param {ArrayBuffer|null} bytes */
  #answer(bytes) {
    this.#waiting?.(bytes);
    this.#waiting = null;
  }

  /**
   * @param {Told} told
   * @param {Transferable[]} [transfer]
   */
  #tell(told, transfer = []) {
    this.#worker.postMessage(told, transfer);
  }
}
