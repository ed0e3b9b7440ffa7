// From a playing video to JPEG bytes of its newest frame, never the same frame twice.

const LONGEST_SIDE = 640;
const QUALITY = 0.82;
const NO_FRAME_AFTER = 250;

export class FrameGrabber {
  #video;
  #canvas = document.createElement("canvas");
  #shown = false;

  /** @param {HTMLVideoElement} video */
  constructor(video) {
    this.#video = video;
    this.#watch();
  }

  /** The size of the frames that are sent, in pixels. */
  get size() {
    return { width: this.#canvas.width, height: this.#canvas.height };
  }

  /**
   * Return the newest frame; null where no new one came in a quarter of a second.
   * @returns {Promise<ArrayBuffer|null>}
   */
  async grab() {
    if (!(await this.#newFrame())) return null;
    this.#shown = false;
    this.#draw();
    const blob = await new Promise((resolve) => {
      this.#canvas.toBlob(resolve, "image/jpeg", QUALITY);
    });
    return blob ? blob.arrayBuffer() : null;
  }

  #draw() {
    const { videoWidth, videoHeight } = this.#video;
    const scale = Math.min(1, LONGEST_SIDE / Math.max(videoWidth, videoHeight));
    const [width, height] = [Math.round(videoWidth * scale), Math.round(videoHeight * scale)];
    if (this.#canvas.width !== width || this.#canvas.height !== height) Object.assign(this.#canvas, { width, height });
    this.#canvas.getContext("2d", { alpha: false }).drawImage(this.#video, 0, 0, width, height);
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
