// The dashboard's calls, asked for one set of filters.
import { call } from "../core/api.js";
import { limits } from "../core/limits.js";
import { allowsHours, nextHour, periodOf, TIME_ZONE } from "./period.js";

/**
 * @import { Emotion } from "../core/emotions.js"
 *
 * @typedef {"hour"|"day"} Bucket
 * @typedef {{period: string, from: string, to: string, emotion: Emotion|"", who: string, bucket: string}} Choice
 * @typedef {Record<Emotion, number>} Counts
 * @typedef {{date: string, count: number, by_emotion: Counts}} Step
 * @typedef {{total_predictions: number, most_common_emotion: {name: Emotion, count: number}|null,
 *   average_confidence: number|null, predictions_by_emotion: Counts}} Stats
 * @typedef {{id: number, timestamp: string, emotion: Emotion, confidence: number, user: string|null,
 *   source_ip: string|null}} Reading
 * @typedef {{count: number, predictions: Reading[], next_cursor: string|null}} ReadingsPage
 * @typedef {{emotion: {name: Emotion, description: string}, statistics: {total_predictions: number,
 *   average_confidence: number|null, last_prediction: string|null, percentage: number}}} Detail
 */

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
 * @returns {Bucket} the step that is shown: the one chosen where it is possible
 */
export function bucketOf(choice) {
  const period = periodOf(choice);
  if (!allowsHours(period)) return "day";
  if (choice.bucket === "day" || choice.bucket === "hour") return choice.bucket;
  return period.days <= 2 ? "hour" : "day";
}

/**
 * @param {Choice} choice
 * @returns {Promise<Stats>}
 */
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

/**
 * @param {Choice} choice
 * @returns {Promise<{timeline: Step[]}>}
 */
export function timeline(choice) {
  const { days } = periodOf(choice);
  const bucket = bucketOf(choice);
  const { until, ...others } = queryOf(choice);
  // A day goes on until midnight; hours to come say nothing.
  const end = until ?? (bucket === "hour" ? nextHour() : null);
  const query = { ...others, until: end, days: Math.min(days, limits.max_days[bucket]), bucket, tz: TIME_ZONE };
  return call("/dashboard/timeline", { query });
}

/**
 * @param {Choice} choice
 * @param {number} limit
 * @returns {Promise<ReadingsPage>}
 */
export function recent(choice, limit) {
  return call("/dashboard/recent", { query: { ...queryOf(choice), limit } });
}

/**
 * One emotion among all of the period.
 * @param {Emotion} name
 * @param {Choice} choice
 * @returns {Promise<Detail>}
 */
export function emotionDetail(name, choice) {
  return call(`/dashboard/emotion/${name}`, { query: { ...queryOf(choice), emotion: null } });
}
