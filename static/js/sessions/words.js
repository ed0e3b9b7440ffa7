// How a session is named, how long it was and where it stands, in words.
import { el } from "../core/dom.js";
import { NOTHING } from "../core/tables.js";
import { dateTime, t } from "../core/texts.js";
import { clockText } from "../timeline/scale.js";

/** @import { ListedSession, Session } from "./types.js" */

const STATES = { open: "waiting", ended: "on", lost: "off" };

/**
 * The title, or what stands for it where there is none.
 * @param {{title: string|null, started_at: string}} session
 */
export function titleOf({ title, started_at: started }) {
  return title ?? t("sessions.untitled", { date: dateTime(started) });
}

/**
 * From its start to its end; of an open one, to now.
 * @param {{started_at: string, ended_at: string|null}} session
 */
export function lengthOf({ started_at: started, ended_at: ended }) {
  return Math.max(0, (ended ? new Date(ended).getTime() : Date.now()) - new Date(started).getTime());
}

/**
 * How long its timeline is: to its end, or to where somebody was seen last, which in a video is the video's own time.
 * @param {Session} session
 */
export function spanOf(session) {
  const last = Math.max(0, ...session.people.map((person) => person.last_offset_ms + 1000));
  return session.source === "video" ? last : Math.max(lengthOf(session), last);
}

/** @param {{started_at: string, ended_at: string|null}} session */
export function durationText(session) {
  return clockText(lengthOf(session));
}

/** @param {ListedSession} session */
export function statusPill({ status }) {
  return el("span", { class: "pill", data: { state: STATES[status] } }, t(`sessions.status.${status}`));
}

/** @param {{label: string|null, person: number, persons: number[]}} person */
export function personName({ label, person, persons }) {
  if (label === null) return t("person.number", { number: person });
  return persons.length > 1 ? `${label} (${persons.join(", ")})` : label;
}

/** @param {string|null} text */
export function orNothing(text) {
  return text ?? NOTHING;
}
