// Periods as people choose them, as the API takes them: whole days of one's own time zone.

import { limits } from "../core/limits.js";

export const TIME_ZONE = Intl.DateTimeFormat().resolvedOptions().timeZone ?? "UTC";
const HOUR = 3_600_000;
const WEEK = 7;

/** @typedef {{since: string, until: string|null, days: number}} Period `since` and `until` are instants, ISO 8601 */

/**
 * The period of a choice.
 * @param {{period: string, from?: string, to?: string}} choice "24h", "7d" … "365d", or "own" with two dates
 * @returns {Period}
 */
export function periodOf({ period, from = "", to = "" }) {
  if (period === "own" && from && to && from <= to) return between(from, to);
  if (period === "24h") return { since: fromHour(-23), until: null, days: 1 };
  const days = Number(/^(\d+)d$/.exec(period)?.[1] ?? WEEK);
  return { since: midnight(1 - days).toISOString(), until: null, days };
}

/** @returns {string} the instant at which this hour ends */
export function nextHour() {
  return fromHour(1);
}

/**
 * The instant at which an hour begins.
 * @param {number} offset hours from the one that goes on
 */
function fromHour(offset) {
  return new Date((Math.floor(Date.now() / HOUR) + offset) * HOUR).toISOString();
}

/**
 * Whether hours are few enough to be shown one by one.
 * @param {Period} period
 */
export function allowsHours({ days }) {
  return days <= limits.max_days.hour;
}

/**
 * The date of today, or of days before, as an input of type date has it.
 * @param {number} [offset] days, negative for the past
 */
export function dateInput(offset = 0) {
  const day = midnight(offset);
  return [day.getFullYear(), day.getMonth() + 1, day.getDate()].map((part) => String(part).padStart(2, "0")).join("-");
}

/**
 * Whole days, both included.
 * @param {string} from
 * @param {string} to
 */
function between(from, to) {
  const [start, end] = [localDay(from), localDay(to)];
  end.setDate(end.getDate() + 1);
  const days = Math.round((end.getTime() - start.getTime()) / (24 * HOUR));
  return { since: start.toISOString(), until: end.toISOString(), days };
}

/**
 * The midnight with which a date begins here.
 * @param {string} date as inputs and the API write it
 */
export function localDay(date) {
  const [year, month, day] = date.split("-").map(Number);
  return new Date(year, month - 1, day);
}

/** @param {number} offset days from today */
function midnight(offset) {
  const now = new Date();
  return new Date(now.getFullYear(), now.getMonth(), now.getDate() + offset);
}
