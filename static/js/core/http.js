// One request to the API and what went wrong with it, in words for people.
import { root } from "./root.js";
import { language, t } from "./texts.js";

const API = `${root}/api/v1`;

/** What the server answered instead of what was asked, or that it did not answer (`code` "offline"). */
export class ApiError extends Error {
  /**
   * @param {number} status HTTP status, 0 without an answer
   * @param {string} code
   * @param {string} message
   * @param {Record<string, unknown>} [details] of `validation_failed`: what is wrong, by field
   */
  constructor(status, code, message, details = {}) {
    super(message);
    this.status = status;
    this.code = code;
    this.details = details;
  }

  /** @returns {[string, string][]} fields, and what is wrong with each in words */
  get fields() {
    if (this.code !== "validation_failed") return [];
    return Object.entries(this.details).map(([name, said]) => [name, [said].flat().join(" ")]);
  }
}

/**
 * @typedef {Record<string, string|number|boolean|null|undefined>} Query null, undefined and "" are left out
 *
 * @typedef {object} Ask
 * @property {string} [method]
 * @property {Query} [query]
 * @property {unknown} [json] a body to send as JSON
 * @property {BodyInit} [body]
 * @property {string|null} [token]
 * @property {string} [receipt] of a recorded session that no account owns
 * @property {boolean} [ours] send the header that lets our cookie count
 * @property {AbortSignal} [signal]
 */

/**
 * Send a request.
 * @param {string} path under the API's root
 * @param {Ask} [ask]
 * @returns {Promise<Response>} with a status under 400
 * @throws {ApiError}
 */
export async function request(path, ask = {}) {
  const response = await fetch(API + path + queryOf(ask.query), {
    method: ask.method ?? "GET",
    headers: headersOf(ask),
    body: ask.json === undefined ? ask.body : JSON.stringify(ask.json),
    signal: ask.signal,
    credentials: "same-origin",
    cache: "no-store",
  }).catch((error) => {
    if (error.name === "AbortError") throw error;
    throw offline();
  });
  if (response.ok) return response;
  throw await errorOf(response);
}

/** No answer came, or one that broke off. */
export function offline() {
  return new ApiError(0, "offline", t("error.offline"));
}

/** @param {Query} [query] */
function queryOf(query = {}) {
  const given = Object.entries(query).filter(([, value]) => value !== null && value !== undefined && value !== "");
  const pairs = given.map(([name, value]) => [name, String(value)]);
  return pairs.length ? `?${new URLSearchParams(pairs)}` : "";
}

/** @param {Ask} ask */
function headersOf(ask) {
  const headers = new Headers({ Accept: "application/json", "Accept-Language": language });
  if (ask.json !== undefined) headers.set("Content-Type", "application/json");
  if (ask.token) headers.set("Authorization", `Bearer ${ask.token}`);
  if (ask.receipt) headers.set("X-Session-Receipt", ask.receipt);
  if (ask.ours) headers.set("X-VisionAI-Client", "web");
  return headers;
}

/** @param {Response} response */
async function errorOf(response) {
  const { error } = await response.json().catch(() => ({}));
  if (!error) return new ApiError(response.status, "unknown", t("error.unknown"));
  return new ApiError(response.status, error.code, error.message, error.details);
}
