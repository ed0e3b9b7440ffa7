// Periods as people choose them, as the API takes them: whole days of one's own time zone, hours up to now, or a range.

import { limits } from "../core/limits.js";

export const TIME_ZONE = Intl.DateTimeFormat().resolvedOptions().timeZone ?? "UTC";
const MINUTE = 60_000;
const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const WEEK = 7;

/**
 * @typedef {{period: string, from?: string, to?: string}} PeriodChoice `period` is "1h", "6h", "24h", "7d" … "365d",
 *   "own" with two dates, "range" with two instants, or "session" for all of one
 * @typedef {{since: string|null, until: string|null, days: number, exact?: boolean}} Period `since` and `until` are
 *   instants, ISO 8601; `exact`: they are not whole hours
 * @typedef {"reversed"|"too_long"|"missing"} PeriodProblem
 */

/**
 * The period of a choice.
 * @param {PeriodChoice} choice
 * @returns {Period}
 */
export function periodOf({ period, from = "", to = "" }) {
  if (period === "own" && from && to && from <= to) return between(from, to);
  if (period === "range" && isRange(from, to)) return range(Date.parse(from), Date.parse(to));
  if (period === "session") return { since: null, until: null, days: WEEK, exact: true };
  if (period === "24h") return { since: fromHour(-23), until: null, days: 1 };
  const hours = Number(/^(\d+)h$/.exec(period)?.[1]);
  if (hours && hours <= limits.max_hours_by_minute) return lastHours(hours);
  const days = Number(/^(\d+)d$/.exec(period)?.[1] ?? WEEK);
  return { since: midnight(1 - days).toISOString(), until: null, days };
}

/**
 * What is wrong with a choice of dates; null where nothing is.
 * @param {PeriodChoice} choice
 * @returns {PeriodProblem|null}
 */
export function problemOf({ period, from = "", to = "" }) {
  if (period === "range") return isRange(from, to) ? null : "missing";
  if (period !== "own") return null;
  if (!from || !to) return "missing";
  if (from > to) return "reversed";
  return between(from, to).days > limits.max_days.day ? "too_long" : null;
}

/**
 * The period of the same length before one, as far into it as now is into a period that goes on; null where the period
 * is that of a session.
 * @param {PeriodChoice} choice
 * @returns {{since: string, until: string}|null}
 */
export function previousOf(choice) {
  const { since, until, days, exact } = periodOf(choice);
  if (!since) return null;
  const start = new Date(since);
  const end = new Date(until && Date.parse(until) < Date.now() ? until : Date.now());
  if (exact || choice.period === "24h") {
    const length = choice.period === "24h" ? DAY : end.getTime() - start.getTime();
    for (const one of [start, end]) one.setTime(one.getTime() - length);
  } else {
    for (const one of [start, end]) one.setDate(one.getDate() - days);
  }
  return { since: start.toISOString(), until: end.toISOString() };
}

/**
 * The choice of a period that is a range between instants: whole days as dates, where they are some.
 * @param {number} since milliseconds
 * @param {number} until milliseconds, exclusive
 */
export function choiceOfRange(since, until) {
  const [start, end] = [new Date(since), new Date(until)];
  if (isMidnight(start) && isMidnight(end)) {
    end.setDate(end.getDate() - 1);
    return { period: "own", from: dateOf(start), to: dateOf(end) };
  }
  return { period: "range", from: minuteOf(since), to: minuteOf(until) };
}

/**
 * The end of a step of a timeline.
 * @param {number} since milliseconds
 * @param {"minute"|"hour"|"day"} bucket
 */
export function endOfStep(since, bucket) {
  if (bucket !== "day") return since + (bucket === "hour" ? HOUR : MINUTE);
  const next = new Date(since);
  next.setDate(next.getDate() + 1);
  next.setHours(0, 0, 0, 0);
  return next.getTime();
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
 * The last hours, to the minute; the one that goes on is the last.
 * @param {number} hours
 * @returns {Period}
 */
function lastHours(hours) {
  const end = (Math.floor(Date.now() / MINUTE) + 1) * MINUTE;
  return { since: new Date(end - hours * HOUR).toISOString(), until: null, days: 1, exact: true };
}

/**
 * Whether hours are few enough to be shown one by one.
 * @param {Period} period
 */
export function allowsHours({ days }) {
  return days <= limits.max_days.hour;
}

/**
 * Whether minutes are few enough to be shown one by one.
 * @param {Period} period
 */
export function allowsMinutes({ since, until }) {
  if (!since) return false;
  const end = until ? Date.parse(until) : Date.now();
  return end - Date.parse(since) <= limits.max_hours_by_minute * HOUR;
}

/**
 * The date of today, or of days before, as an input of type date has it.
 * @param {number} [offset] days, negative for the past
 */
export function dateInput(offset = 0) {
  return dateOf(midnight(offset));
}

/** @param {Date} day */
function dateOf(day) {
  return [day.getFullYear(), day.getMonth() + 1, day.getDate()].map((part) => String(part).padStart(2, "0")).join("-");
}

/**
 * An instant as addresses have it, to the minute.
 * @param {number} moment milliseconds
 */
function minuteOf(moment) {
  return `${new Date(moment).toISOString().slice(0, 16)}Z`;
}

/** @param {Date} moment */
function isMidnight(moment) {
  return moment.getHours() === 0 && moment.getMinutes() === 0;
}

/**
 * @param {string} from
 * @param {string} to
 */
function isRange(from, to) {
  return Date.parse(from) < Date.parse(to) && Date.parse(to) - Date.parse(from) <= limits.max_days.day * DAY;
}

/**
 * @param {number} since milliseconds
 * @param {number} until milliseconds
 * @returns {Period}
 */
function range(since, until) {
  const exact = since % HOUR !== 0 || until % HOUR !== 0;
  const days = Math.ceil((until - since) / DAY);
  return { since: new Date(since).toISOString(), until: new Date(until).toISOString(), days, exact };
}

/**
 * Whole days, both included.
 * @param {string} from
 * @param {string} to
 */
function between(from, to) {
  const [start, end] = [localDay(from), localDay(to)];
  end.setDate(end.getDate() + 1);
  const days = Math.round((end.getTime() - start.getTime()) / DAY);
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
