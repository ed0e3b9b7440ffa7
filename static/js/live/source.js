// What is read: a camera or the file of a video, shown in the page's video element.
import { facesUser, openCamera } from "./camera.js";
import { FrameGrabber } from "./frame-grabber.js";
import { TrackReader } from "./track-reader.js";

/** @import { Limits } from "../client/types.js" */

/** Events: `gone` when the camera is, `over` at the end of a video, `unreadable` where it cannot be played. */
export class Source extends EventTarget {
  #video;
  #grabber;
  #reader = /** @type {TrackReader|null} */ (null);
  #camera = /** @type {MediaStream|null} */ (null);
  #limits = /** @type {Limits|null} */ (null);
  #startedAt = 0;
  kind = /** @type {"camera"|"video"|null} */ (null);
  /** The camera that was opened last. */
  deviceId = /** @type {string|undefined} */ (undefined);

  /** @param {HTMLVideoElement} video */
  constructor(video) {
    super();
    this.#video = video;
    this.#grabber = new FrameGrabber(video);
    video.addEventListener("ended", () => this.#tell("over"));
    video.addEventListener("error", () => this.kind === "video" && this.#tell("unreadable"));
  }

  /** The run's time in milliseconds: a video's own, or since `begin`. */
  get now() {
    return this.kind === "video" ? this.#video.currentTime * 1000 : performance.now() - this.#startedAt;
  }

  /** How long a video is, in milliseconds; null of a camera, and where the file does not tell. */
  get length() {
    const { duration } = this.#video;
    return this.kind === "video" && Number.isFinite(duration) ? duration * 1000 : null;
  }

  /** Whether the picture is shown as in a mirror. */
  get isMirrored() {
    return this.#camera !== null && facesUser(this.#camera);
  }

  /** Whether frames come in a hidden page too. */
  get readsHidden() {
    return this.#reader !== null;
  }

  /** The size of the frames that are sent, in pixels. */
  get size() {
    return (this.#reader ?? this.#grabber).size;
  }

  /** @param {Limits} limits of the server */
  keepTo(limits) {
    this.#limits = limits;
    this.#grabber.keepTo(limits);
    this.#reader?.keepTo(limits);
  }

  /**
   * Open a camera in place of what there is.
   * @param {string} [deviceId]
   * @throws {CameraError}
   */
  async openCamera(deviceId) {
    this.close();
    const camera = await openCamera(deviceId);
    const [track] = camera.getVideoTracks();
    track.addEventListener("ended", () => this.#camera === camera && this.#tell("gone"));
    this.#camera = camera;
    this.kind = "camera";
    this.deviceId = track.getSettings().deviceId;
    if (TrackReader.isAvailable) this.#reader = new TrackReader(track);
    if (this.#limits) this.#reader?.keepTo(this.#limits);
    this.#video.srcObject = camera;
  }

  /**
   * Open a video in place of what there is.
   * @param {File} file
   */
  openVideo(file) {
    this.close();
    this.kind = "video";
    this.#video.src = URL.createObjectURL(file);
  }

  /** The time of a camera's run begins. */
  begin() {
    this.#startedAt = performance.now();
  }

  /** @returns {Promise<boolean>} false where it does not play: `unreadable` says why, or a newer one took its place */
  async play() {
    const { kind } = this;
    return this.#video.play().then(
      () => kind !== null && kind === this.kind,
      () => false,
    );
  }

  pause() {
    this.#video.pause();
  }

  /**
   * The newest frame, after `rest` milliseconds; null where there is none.
   * @param {number} rest
   */
  grab(rest) {
    return (this.#reader ?? this.#grabber).grab(rest);
  }

  /** Let go of it. */
  close() {
    this.kind = null;
    this.#reader?.close();
    this.#reader = null;
    for (const track of this.#camera?.getTracks() ?? []) track.stop();
    this.#camera = null;
    if (this.#video.src) URL.revokeObjectURL(this.#video.src);
    this.#video.srcObject = null;
    this.#video.removeAttribute("src");
    this.#video.load();
  }

  /** @param {"gone"|"over"|"unreadable"} name */
  #tell(name) {
    this.dispatchEvent(new Event(name));
  }
}
