// An administrator's own labelled pictures: sorted by expression, and sent to be read a few at a time.
import { call } from "../core/api.js";
import { isEmotion } from "../core/emotions.js";
import { limits } from "../core/limits.js";
import { shrunk } from "../core/shrink.js";

/**
 * @import { Emotion } from "../core/emotions.js"
 * @import { Readings } from "./answers.js"
 * @typedef {Partial<Record<Emotion, File[]>>} Labelled pictures by what they show
 */

// A few at a time, so that the page can tell how far it is; never more than the server takes.
const FEW_FILES = 8;
const FEW_BYTES = 16 * 1024 * 1024;

/**
 * The pictures of a folder by the sub-folder that names their expression.
 * @param {FileList} files
 * @param {Record<string, Emotion>} aliases
 * @returns {Labelled}
 */
export function byFolder(files, aliases) {
  const found = /** @type {Labelled} */ ({});
  for (const file of files) {
    const folders = file.webkitRelativePath.split("/").slice(0, -1);
    const name = folders.map((folder) => aliases[folder.normalize("NFC").trim().toLowerCase()]).find(Boolean);
    if (name && file.type.startsWith("image/")) found[name] = [...(found[name] ?? []), file];
  }
  return found;
}

/**
 * As many of each as the server takes.
 * @param {Labelled} files
 * @returns {Labelled}
 */
export function fewEnough(files) {
  return Object.fromEntries(pairsOf(files).map(([name, all]) => [name, all.slice(0, limits.calibration.max_pictures)]));
}

/**
 * Have pictures read.
 * @param {string} path
 * @param {Labelled} files
 * @param {(done: number) => void} tell called before each request
 * @returns {Promise<{signed: string[], states: string[]}>} the readings of all, to send back, and what came of each
 */
export async function readAll(path, files, tell) {
  const signed = /** @type {string[]} */ ([]);
  const states = /** @type {string[]} */ ([]);
  for (const [emotion, all] of pairsOf(files)) {
    for (const batch of await batches(all)) {
      tell(states.length);
      /** @type {Readings} */
      const answer = await call(path, { method: "POST", query: { emotion }, body: formOf(batch) });
      signed.push(answer.readings);
      states.push(...answer.results.map(({ status }) => status));
    }
  }
  return { signed, states };
}

/**
 * @param {Labelled} files
 * @returns {[Emotion, File[]][]}
 */
function pairsOf(files) {
  return Object.entries(files).flatMap(([name, all]) => (isEmotion(name) ? [[name, all]] : []));
}

/**
 * Groups of pictures that are few and light enough for one request.
 * @param {File[]} files
 * @returns {Promise<Blob[][]>}
 */
async function batches(files) {
  const mostFiles = Math.min(FEW_FILES, limits.batch.max_files);
  const mostBytes = Math.min(FEW_BYTES, limits.batch.max_bytes);
  const groups = /** @type {Blob[][]} */ ([]);
  let group = /** @type {Blob[]} */ ([]);
  let bytes = 0;
  for (const file of files) {
    const { blob } = await shrunk(file);
    if (group.length === 0 || group.length >= mostFiles || bytes + blob.size > mostBytes) {
      group = [];
      groups.push(group);
      bytes = 0;
    }
    group.push(blob);
    bytes += blob.size;
  }
  return groups;
}

/** @param {Blob[]} pictures */
function formOf(pictures) {
  const form = new FormData();
  for (const picture of pictures) form.append("files", picture);
  return form;
}
