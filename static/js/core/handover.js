// A video on its way from one page to another, in a store of this browser: put there, taken once, and gone.
// https://developer.mozilla.org/docs/Web/API/IndexedDB_API

/** @typedef {{file: File, at: number}} Left a file, and when it was put there */

const DATABASE = "visionai.handover";
const STORE = "files";
const KEY = "video";
/** Milliseconds after which a video that nobody came for is not taken any more. */
const WAITS = 60_000;

/**
 * Keep a file in this browser until the next page takes it.
 * @param {File} file
 */
export async function leaveFile(file) {
  await inStore("readwrite", (store) => store.put({ file, at: Date.now() }, KEY));
}

/**
 * Take the file that another page left, and delete it and the store it lay in; null where there is none.
 * @returns {Promise<File|null>}
 */
export async function takeFile() {
  const left = await find();
  if (!left) return null;
  await done(indexedDB.deleteDatabase(DATABASE));
  return isFresh(left) ? left.file : null;
}

/** Delete a file that nobody came for. */
export async function dropStaleFile() {
  const left = await find();
  if (left && !isFresh(left)) await done(indexedDB.deleteDatabase(DATABASE));
}

/** @returns {Promise<Left|null>} */
async function find() {
  const known = await indexedDB.databases();
  if (!known.some(({ name }) => name === DATABASE)) return null;
  return (await inStore("readonly", (store) => store.get(KEY))) ?? null;
}

/** @param {Left} left */
function isFresh({ at }) {
  return Date.now() - at < WAITS;
}

/**
 * @template Result
 * @param {IDBTransactionMode} mode
 * @param {(store: IDBObjectStore) => IDBRequest<Result>} ask
 */
async function inStore(mode, ask) {
  const opening = indexedDB.open(DATABASE, 1);
  opening.addEventListener("upgradeneeded", () => opening.result.createObjectStore(STORE));
  const database = await done(opening);
  try {
    return await done(ask(database.transaction(STORE, mode).objectStore(STORE)));
  } finally {
    database.close();
  }
}

/**
 * @template Result
 * @param {IDBRequest<Result>} request
 * @returns {Promise<Result>}
 */
function done(request) {
  return new Promise((resolve, reject) => {
    request.addEventListener("success", () => resolve(request.result));
    request.addEventListener("error", () => reject(request.error));
  });
}
