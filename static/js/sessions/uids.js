// The names of sessions in addresses.
import { root } from "../core/root.js";

const UID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** @param {string} text */
export function isUid(text) {
  return UID.test(text);
}

/** The session that the address of this page names: `/sessions/UID`, or what is under it. */
export function uidOfAddress() {
  return location.pathname.slice(root.length).split("/")[2] ?? "";
}

/** @param {string} uid */
export function addressOf(uid) {
  return `${root}/sessions/${encodeURIComponent(uid)}`;
}
