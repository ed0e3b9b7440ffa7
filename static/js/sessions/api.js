// The API's calls on recorded sessions, each with the receipt that this tab has of it.
import { call, command, download } from "../core/api.js";
import { receiptOf, receiptsOf } from "./receipts.js";

/**
 * @import { Query } from "../core/http.js"
 * @import { Marker } from "../timeline/types.js"
 * @import { Comparison, Session, SessionsPage } from "./types.js"
 */

/**
 * @param {string} uid
 * @param {string} [under] what of it
 */
function path(uid, under = "") {
  return `/sessions/${encodeURIComponent(uid)}${under}`;
}

/**
 * @param {Query} query
 * @returns {Promise<SessionsPage>}
 */
export function listSessions(query) {
  return call("/sessions", { query });
}

/**
 * @param {string} uid
 * @returns {Promise<Session>}
 */
export function readSession(uid) {
  return call(path(uid), { receipt: receiptOf(uid) });
}

/**
 * @param {string} uid
 * @param {{title?: string|null, participant?: string|null, notes?: string|null,
 *   people?: {person: number, label: string|null}[]}} changes
 * @returns {Promise<Session>}
 */
export function editSession(uid, changes) {
  return call(path(uid), { method: "PATCH", json: changes, receipt: receiptOf(uid) });
}

/** @param {string} uid */
export function deleteSession(uid) {
  return command(path(uid), { method: "DELETE", receipt: receiptOf(uid) });
}

/**
 * @param {string} uid
 * @param {number} offset_ms
 * @param {string} label
 * @returns {Promise<Marker>}
 */
export function addMarker(uid, offset_ms, label) {
  return call(path(uid, "/markers"), { method: "POST", json: { offset_ms, label }, receipt: receiptOf(uid) });
}

/**
 * @param {string} uid
 * @param {number} id
 */
export function deleteMarker(uid, id) {
  return command(path(uid, `/markers/${id}`), { method: "DELETE", receipt: receiptOf(uid) });
}

/**
 * @param {string} uid
 * @param {"csv"|"json"} format
 */
export function exportSession(uid, format) {
  return download(path(uid, "/export"), { format }, `visionai-session-${uid}.${format}`, receiptOf(uid));
}

/**
 * @param {string[]} uids
 * @param {string} align
 * @param {string} step
 * @returns {Promise<Comparison>}
 */
export function compareSessions(uids, align, step) {
  const query = new URLSearchParams([...uids.map((uid) => ["uid", uid]), ["align", align], ["step", step]]);
  return call(`/sessions/compare?${query}`, { receipt: receiptsOf(uids) });
}
