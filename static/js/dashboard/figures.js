// The dashboard's calls, asked for one set of filters.
import { call } from "../core/api.js";
import { allowsHours, nextHour, periodOf, TIME_ZONE } from "./period.js";

/** @typedef {{period: string, from: string, to: string, emotion: string, who: string, bucket: string}} Choice */

/**
 * The query that all calls share.
 * @param {Choice} choice
 */
export function queryOf(choice) {
  const { since, until } = periodOf(choice);
  return { since, until, emotion: choice.emotion, user: choice.who === "me" ? "me" : null };
}

/**
 * @param {Choice} choice
 * @returns {"hour"|"day"} the step that is shown: the one chosen where it is possible
 */
export function bucketOf(choice) {
  const period = periodOf(choice);
  if (!allowsHours(period)) return "day";
  if (choice.bucket === "day" || choice.bucket === "hour") return choice.bucket;
  return period.days <= 2 ? "hour" : "day";
}

/** @param {Choice} choice */
export function stats(choice) {
  return call("/dashboard/stats", { query: queryOf(choice) });
}

/**
 * The figures of all expressions of the period; null where the choice leaves none out, and `stats` has them.
 * @param {Choice} choice
 */
export async function wholeOf(choice) {
  return choice.emotion ? stats({ ...choice, emotion: "" }) : null;
}

/** @param {Choice} choice */
export function timeline(choice) {
  const { days } = periodOf(choice);
  const bucket = bucketOf(choice);
  const { until, ...others } = queryOf(choice);
  const end = until ?? (bucket === "hour" ? nextHour() : null); // A day goes on until midnight; hours to come say nothing.
  return call("/dashboard/timeline", { query: { ...others, until: end, days: Math.min(days, 365), bucket, tz: TIME_ZONE } });
}

/**
 * @param {Choice} choice
 * @param {number} limit
 * @param {string|null} [cursor]
 */
export function recent(choice, limit, cursor = null) {
  return call("/dashboard/recent", { query: { ...queryOf(choice), limit, cursor } });
}

/**
 * One emotion among all of the period.
 * @param {string} name
 * @param {Choice} choice
 */
export function emotionDetail(name, choice) {
  return call(`/dashboard/emotion/${name}`, { query: { ...queryOf(choice), emotion: null } });
}
