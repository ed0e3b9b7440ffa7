// Receipts of sessions that no account owns: kept in this tab alone, and gone with it.
import { isUid } from "./uids.js";

const PLACE = "visionai.receipts";

/** @returns {Record<string, string>} receipts by the uid of their session */
function kept() {
  try {
    return JSON.parse(sessionStorage.getItem(PLACE) ?? "{}");
  } catch {
    return {};
  }
}

/**
 * Keep a receipt while this tab is open.
 * @param {string} uid
 * @param {string} receipt
 */
export function keepReceipt(uid, receipt) {
  sessionStorage.setItem(PLACE, JSON.stringify({ ...kept(), [uid]: receipt }));
}

/** @param {string} uid */
export function forgetReceipt(uid) {
  const { [uid]: _, ...others } = kept();
  sessionStorage.setItem(PLACE, JSON.stringify(others));
}

/**
 * The receipt of a session, if this tab has it.
 * @param {string} uid
 * @returns {string|undefined}
 */
export function receiptOf(uid) {
  const receipts = kept();
  return Object.hasOwn(receipts, uid) ? receipts[uid] : undefined;
}

/**
 * The receipts of several sessions, as the API takes them.
 * @param {string[]} uids
 * @returns {string|undefined}
 */
export function receiptsOf(uids) {
  const receipts = uids.map(receiptOf).filter((receipt) => receipt !== undefined);
  return receipts.length ? receipts.join(", ") : undefined;
}

/** The sessions that this tab has the receipts of. */
export function openedHere() {
  return Object.keys(kept()).filter(isUid);
}
