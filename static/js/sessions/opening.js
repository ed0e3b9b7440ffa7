// What the page of a session shows first: asked for by a script that runs while the page's others still come.
import { loadTimeline } from "../timeline/load.js";
import { readSession } from "./api.js";
import { receiptOf } from "./receipts.js";
import { uidOfAddress } from "./uids.js";

/**
 * @import { TimelineAnswer } from "../timeline/types.js"
 * @import { Session } from "./types.js"
 */

/** @returns {Promise<[Session, TimelineAnswer]>} the session of this page's address, and its whole timeline */
export function readWhole() {
  const uid = uidOfAddress();
  return Promise.all([readSession(uid), loadTimeline(uid, { receipt: receiptOf(uid) })]);
}

/** What was asked for when the page was opened. */
export const opened = readWhole();
opened.catch(() => {}); // Who awaits it is told.
