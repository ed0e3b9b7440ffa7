// Calls in the name of whoever is signed in: an expired token is renewed once and the call made again.
import { ApiError, offline, request } from "./http.js";
import { saveFile } from "./keep.js";
import { session } from "./session.js";
import { t } from "./texts.js";

/** @import { Ask, Query } from "./http.js" */

/**
 * Call the API.
 * @template Answer what the API's document says of this call
 * @param {string} path
 * @param {Ask} [ask]
 * @returns {Promise<Answer>} the JSON of the answer
 * @throws {ApiError}
 */
export async function call(path, ask) {
  const response = await send(path, ask);
  return response.json();
}

/**
 * Have something done that answers nothing.
 * @param {string} path
 * @param {Ask} ask
 * @throws {ApiError}
 */
export async function command(path, ask) {
  await send(path, ask);
}

/**
 * Fetch a file of the API and hand it to the browser to keep.
 * @param {string} path
 * @param {Query} query
 * @param {string} filename
 * @param {string} [receipt] of a recorded session that no account owns
 */
export async function download(path, query, filename, receipt) {
  const response = await send(path, { query, receipt });
  saveFile(await whole(response), filename);
}

/**
 * The file that an answer brings; what came of one that breaks off is not kept.
 * @param {Response} response
 */
function whole(response) {
  return response.blob().catch(() => {
    throw offline();
  });
}

/**
 * @param {string} path
 * @param {Ask} [ask]
 */
async function send(path, ask = {}) {
  const token = await session.token();
  try {
    return await request(path, { ...ask, token });
  } catch (error) {
    if (!token || !(error instanceof ApiError) || error.status !== 401 || error.code === "bad_credentials") throw error;
    const renewed = await session.renew();
    if (!renewed) throw new ApiError(401, "signed_out", t("error.signed_out"));
    return request(path, { ...ask, token: renewed });
  }
}
