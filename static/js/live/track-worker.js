// In a worker: the newest frame of a camera as a JPEG, also while its page is hidden, where timers and videos sleep.
import { pause } from "../core/time.js";
import { FrameEncoder } from "./frame-encoder.js";

/**
 * @import { Limits } from "../client/types.js"
 * @typedef {{frames: ReadableStream<VideoFrame>}|{limits: Limits}|{rest: number}} Told frames to read, limits to keep
 *   to, or a frame that is wanted after `rest` milliseconds
 * @typedef {{bytes: ArrayBuffer|null, size: {width: number, height: number}}} Answered `bytes` is null where there is
 *   no frame
 */

/** Milliseconds after which the frame that waits is an old one. */
const FRESH_FOR = 100;
/** Milliseconds until a camera that has no frames any more is asked again. */
const ASK_AGAIN = 250;

const encoder = new FrameEncoder();
let frames = /** @type {ReadableStreamDefaultReader<VideoFrame>|null} */ (null);
let readAt = -Infinity;

/** @param {number} rest */
async function newest(rest) {
  if (rest > 0) await pause(rest);
  if (performance.now() - readAt > FRESH_FOR) (await frames?.read())?.value?.close();
  const frame = (await frames?.read())?.value;
  readAt = performance.now();
  if (!frame) await pause(ASK_AGAIN);
  return frame;
}

/** @param {number} rest */
async function answer(rest) {
  const frame = await newest(rest).catch(() => undefined);
  const bytes = frame ? await encoder.encode(frame, frame.displayWidth, frame.displayHeight) : null;
  frame?.close();
  /** @type {Answered} */
  const answered = { bytes, size: encoder.size };
  postMessage(answered, { transfer: bytes ? [bytes] : [] });
}

addEventListener("message", ({ data }) => {
  const told = /** @type {Told} */ (data);
  if ("frames" in told) frames = told.frames.getReader();
  else if ("limits" in told) encoder.keepTo(told.limits);
  else answer(told.rest);
});
