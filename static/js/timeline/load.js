// The timeline of a session, from the server.
import { call } from "../core/api.js";

/**
 * @import { Span, TimelineAnswer } from "./types.js"
 *
 * @typedef {object} TimelineQuery
 * @property {string} [receipt] of a session that no account owns
 * @property {"auto"|"1s"|"10s"|"1m"} [step] what a point stands for; `auto`: about 600 points a person at most
 * @property {string} [person] one person alone, by number or label
 * @property {Span} [span] a stretch of it alone, for which `auto` is finer
 */

/**
 * @param {string} uid
 * @param {TimelineQuery} [query]
 * @returns {Promise<TimelineAnswer>}
 */
export function loadTimeline(uid, { receipt, step = "auto", person, span } = {}) {
  const stretch = span && { since_ms: Math.max(0, Math.floor(span.from)), until_ms: Math.ceil(span.until) };
  return call(`/sessions/${encodeURIComponent(uid)}/timeline`, { query: { step, person, ...stretch }, receipt });
}
