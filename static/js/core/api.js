// Calls in the name of whoever is signed in: an expired token is renewed once and the call made again.
import { ApiError, request } from "./http.js";
import { session } from "./session.js";
import { t } from "./texts.js";

/**
 * Call the API.
 * @param {string} path
 * @param {import("./http.js").Ask} [ask]
 * @returns {Promise<any>} the JSON of the answer, null where it is empty
 * @throws {ApiError}
 */
export async function call(path, ask) {
  const response = await send(path, ask);
  return response.status === 204 ? null : response.json();
}

/**
 * Fetch a file of the API and hand it to the browser to keep.
 * @param {string} path
 * @param {Record<string, any>} query
 * @param {string} filename
 */
export async function download(path, query, filename) {
  const response = await send(path, { query });
  const link = document.createElement("a");
  link.href = URL.createObjectURL(await whole(response));
  link.download = filename;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}

/**
 * The file that an answer brings; what came of one that breaks off is not kept.
 * @param {Response} response
 */
function whole(response) {
  return response.blob().catch(() => {
    throw new ApiError(0, "offline", t("error.offline"));
  });
}

/**
 * @param {string} path
 * @param {import("./http.js").Ask} [ask]
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
