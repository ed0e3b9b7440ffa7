// One request to the REST API: its bounds of time, what is tried again, and what a refusal says.
import { ApiError } from "../failures.js";
import { pause } from "../gate.js";

/** @import { Query } from "./types.js" */

const TRIES = 3;
/** Who is asked to wait for longer than this is told, and decides. */
const LONGEST_WAIT_SECONDS = 30;
const REFUSED_FOR_NOW = new Set([429, 503]);

/**
 * @typedef {object} Call
 * @property {string} [method]
 * @property {Query} [query]
 * @property {unknown} [json] a body to send as JSON
 * @property {BodyInit} [body]
 * @property {string} [type] of the body
 * @property {string} [receipt] of a recorded session that no account owns
 * @property {boolean} [streamed] the answer is read as it comes, however long that takes
 *
 * @typedef {object} Bounds
 * @property {string} url of the server, with the path that it is at if any
 * @property {number} timeout milliseconds until an answer is here, or has begun where it is streamed
 * @property {string} [language] "es" or "en", of descriptions and messages
 */

/**
 * Send a call, again where the server asked to wait or, for what changes nothing, was not reached: up to `TRIES` times.
 * @param {Bounds} bounds
 * @param {string} path
 * @param {Call} call
 * @param {string|null} token
 * @returns {Promise<any>} the JSON of the answer, null of an empty one; the response itself where it is streamed
 * @throws {ApiError}
 */
export async function send(bounds, path, call, token) {
  for (let left = TRIES - 1; ; left -= 1) {
    try {
      return await sendOnce(bounds, path, call, token);
    } catch (error) {
      const wait = left > 0 && error instanceof ApiError ? waitBefore(error, call, TRIES - left) : null;
      if (wait === null) throw error;
      await pause(wait * 1000);
    }
  }
}

/**
 * How many seconds to wait before a call is made again; null where it is not to be.
 * @param {ApiError} error
 * @param {Call} call
 * @param {number} tried
 */
function waitBefore({ status, retryAfter }, { method = "GET" }, tried) {
  // What is refused for now was not done, whatever it is.
  if (REFUSED_FOR_NOW.has(status) && retryAfter !== null) return retryAfter <= LONGEST_WAIT_SECONDS ? retryAfter : null;
  return status === 0 && method === "GET" ? 0.2 * 2 ** tried * (0.5 + Math.random()) : null;
}

/**
 * @param {Bounds} bounds
 * @param {string} path
 * @param {Call} call
 * @param {string|null} token
 */
async function sendOnce({ url, timeout, language }, path, call, token) {
  const clock = new AbortController();
  const timer = setTimeout(() => clock.abort(), timeout);
  const asked = fetch(`${url}/api/v1${path}${queryOf(call.query)}`, {
    method: call.method ?? "GET",
    headers: headersOf(call, token, language),
    body: call.json === undefined ? call.body : JSON.stringify(call.json),
    signal: clock.signal,
    cache: "no-store",
    redirect: "manual", // A token goes to the server that it is for.
  });
  try {
    const response = await asked;
    if (!response.ok) throw await refusalOf(response);
    if (call.streamed) return response;
    return response.status === 204 ? null : await response.json();
  } catch (error) {
    throw error instanceof ApiError ? error : unanswered(error, clock.signal.aborted);
  } finally {
    clearTimeout(timer);
  }
}

/**
 * @param {unknown} cause
 * @param {boolean} late
 */
function unanswered(cause, late) {
  if (late) return new ApiError(0, "timeout", "The server did not answer in time.", { cause });
  return new ApiError(0, "disconnected", "The server was not reached, or its answer broke off.", { cause });
}

/** @param {Query} [query] */
function queryOf(query = {}) {
  const words = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    if (value === null || value === undefined) continue;
    for (const one of [value].flat()) words.append(name, one instanceof Date ? one.toISOString() : String(one));
  }
  return words.size ? `?${words}` : "";
}

/**
 * @param {Call} call
 * @param {string|null} token
 * @param {string} [language]
 */
function headersOf({ json, type, receipt }, token, language) {
  const headers = new Headers({ Accept: "application/json, */*" });
  if (language) headers.set("Accept-Language", language);
  if (json !== undefined) headers.set("Content-Type", "application/json");
  if (type) headers.set("Content-Type", type);
  if (token) headers.set("Authorization", `Bearer ${token}`);
  if (receipt) headers.set("X-Session-Receipt", receipt);
  return headers;
}

/** @param {Response} response */
async function refusalOf(response) {
  const { error } = await response.json().catch(() => ({}));
  const wait = Number.parseFloat(response.headers.get("Retry-After") ?? "");
  const retryAfter = Number.isFinite(wait) ? wait : null;
  const { status } = response;
  if (!error) return new ApiError(status, "unknown", `The server answered ${status}.`, { retryAfter });
  return new ApiError(status, error.code, error.message, { details: error.details, retryAfter });
}
