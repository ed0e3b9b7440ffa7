// Pictures sent to be read, one or several at a time, and what came of each.
import { call } from "../core/api.js";
import { limits } from "../core/limits.js";
import { shrunk } from "../core/shrink.js";

/**
 * @import { Face } from "../client/types.js"
 * @typedef {{faces: Face[], processing_time_ms: number, model_version_tag: string}} Prediction
 * @typedef {{prediction: Prediction, scale: number}} Reading `scale`: pixels of the picture that was sent for a pixel
 *   of the file's own
 * @typedef {{code: string, message: string}} Refusal
 * @typedef {{record: boolean, signal: AbortSignal}} Options `record`: keep a row of it
 * @typedef {{status: number, prediction?: Prediction, error?: Refusal}} BatchResult
 */

/** Pictures of one request: few enough for the first results to show soon. */
const AT_ONCE = 8;

/**
 * Read one picture.
 * @param {Blob} file
 * @param {Options} options
 * @returns {Promise<Reading>}
 */
export async function readOne(file, { record, signal }) {
  const { blob, scale } = await shrunk(file);
  const body = new FormData();
  body.append("file", blob, "picture");
  const prediction = await call("/predict", { method: "POST", query: { record }, body, signal });
  return { prediction, scale };
}

/**
 * Read several pictures, some of them in each request.
 * @param {File[]} files
 * @param {Options} options
 * @param {(index: number, outcome: Reading|Refusal) => void} tell called for each picture as it is answered
 */
export async function readAll(files, options, tell) {
  let waiting = /** @type {{index: number, blob: Blob, scale: number}[]} */ ([]);
  let bytes = 0;
  const send = async () => {
    const sent = waiting;
    [waiting, bytes] = [[], 0];
    if (sent.length) await readBatch(sent, options, tell);
  };
  for (const [index, file] of files.entries()) {
    const { blob, scale } = await shrunk(file);
    if (waiting.length === Math.min(AT_ONCE, limits.batch.max_files) || bytes + blob.size > limits.batch.max_bytes)
      await send();
    waiting.push({ index, blob, scale });
    bytes += blob.size;
  }
  await send();
}

/**
 * @param {{index: number, blob: Blob, scale: number}[]} sent
 * @param {Options} options
 * @param {(index: number, outcome: Reading|Refusal) => void} tell
 */
async function readBatch(sent, { record, signal }, tell) {
  const body = new FormData();
  for (const { blob } of sent) body.append("files", blob, "picture");
  /** @type {{results: BatchResult[]}} */
  const { results } = await call("/predict/batch", { method: "POST", query: { record }, body, signal });
  for (const [place, { prediction, error }] of results.entries()) {
    const { index, scale } = sent[place];
    if (prediction) tell(index, { prediction, scale });
    else if (error) tell(index, error);
  }
}
