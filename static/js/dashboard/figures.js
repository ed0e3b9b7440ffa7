// The dashboard's calls, asked for one set of filters.
import { call } from "../core/api.js";
import { EMOTIONS } from "../core/emotions.js";
import { limits } from "../core/limits.js";
import { allowsHours, allowsMinutes, nextHour, periodOf, previousOf, TIME_ZONE } from "./period.js";

/**
 * @import { Emotion } from "../core/emotions.js"
 *
 * @typedef {"minute"|"hour"|"day"} Bucket
 * @typedef {{period: string, from: string, to: string, emotion: Emotion|"", who: string, bucket: string, user?: string,
 *   session?: string, version?: string, source?: string}} Choice
 * @typedef {Record<Emotion, number>} Counts
 * @typedef {{date: string, count: number, by_emotion: Counts}} Step
 * @typedef {{name: Emotion, count: number, average_confidence: number|null, last_prediction: string|null}} OfEmotion
 * @typedef {{total_predictions: number, most_common_emotion: {name: Emotion, count: number}|null,
 *   average_confidence: number|null, predictions_by_emotion: Counts, emotions: OfEmotion[],
 *   uncertain_share: number|null}} Stats
 * @typedef {{model_version_tag: string, since: string}} VersionChange
 * @typedef {{timeline: Step[], bucket: Bucket, versions: VersionChange[]}} Timeline
 * @typedef {{id: number, timestamp: string, emotion: Emotion, confidence: number, user: string|null,
 *   source_ip: string|null, session: string|null, uncertain: boolean|null, model_version_tag: string}} Reading
 * @typedef {{count: number, predictions: Reading[], next_cursor: string|null}} ReadingsPage
 */

/**
 * The query that all calls share.
 * @param {Choice} choice
 */
export function queryOf(choice) {
  const { since, until } = periodOf(choice);
  const { emotion, session, version, source } = choice;
  return { since, until, emotion, user: choice.user || (choice.who === "me" ? "me" : null), session, version, source };
}

/**
 * The query of what is counted.
 * @param {Choice} choice
 */
function countedQueryOf(choice) {
  return { ...queryOf(choice), round: periodOf(choice).exact && !choice.session ? "minute" : null };
}

/**
 * @param {Choice} choice
 * @returns {Bucket} the step that is shown: the one chosen where it is possible
 */
export function bucketOf(choice) {
  const period = periodOf(choice);
  const possible = { minute: allowsMinutes(period), hour: allowsHours(period), day: true };
  const chosen = /** @type {Bucket} */ (choice.bucket);
  if (possible[chosen]) return chosen;
  if (possible.minute) return "minute";
  return possible.hour && period.days <= 2 ? "hour" : "day";
}

/**
 * @param {Choice} choice
 * @returns {Promise<Stats>}
 */
export function stats(choice) {
  return call("/dashboard/stats", { query: countedQueryOf(choice) });
}

/**
 * The figures of all expressions, whichever one is chosen, and how many of the readings are uncertain.
 * @param {Choice} choice
 * @returns {Promise<Stats>}
 */
export function wholeOf(choice) {
  return call("/dashboard/stats", { query: { ...countedQueryOf(choice), emotion: null, uncertain: true } });
}

/**
 * The same of the period before; null where there is none.
 * @param {Choice} choice
 * @returns {Promise<Stats|null>}
 */
export async function previous(choice) {
  const before = previousOf(choice);
  if (!before || choice.session) return null;
  return call("/dashboard/stats", { query: { ...countedQueryOf(choice), ...before, emotion: null } });
}

/** Whether anything was ever read that may be seen here. */
export async function anythingAtAll() {
  /** @type {Stats} */
  const { total_predictions: total } = await call("/dashboard/stats");
  return total > 0;
}

/**
 * @param {Choice} choice
 * @param {boolean} [versions] tell which versions of the weights read when
 * @returns {Promise<Timeline>}
 */
export function timeline(choice, versions = false) {
  const { days } = periodOf(choice);
  const whole = choice.period === "session";
  const bucket = whole && !choice.bucket ? "auto" : whole ? choice.bucket : bucketOf(choice);
  const { until, ...others } = countedQueryOf(choice);
  // A day goes on until midnight; hours to come say nothing.
  const end = until ?? (bucket === "hour" && !whole ? nextHour() : null);
  const most = limits.max_days[/** @type {"day"|"hour"} */ (bucket)] ?? 1;
  const query = { ...others, until: end, days: Math.min(days, most), bucket, tz: TIME_ZONE, versions };
  return call("/dashboard/timeline", { query });
}

/**
 * @param {Choice} choice
 * @param {number} limit
 * @param {string} [cursor]
 * @returns {Promise<ReadingsPage>}
 */
export function recent(choice, limit, cursor = "") {
  return call("/dashboard/recent", { query: { ...queryOf(choice), limit, cursor } });
}

/**
 * What was seen of one expression, out of the figures of all.
 * @param {Stats} whole
 * @param {Emotion} name
 * @returns {OfEmotion}
 */
export function ofEmotion(whole, name) {
  const found = whole.emotions.find((one) => one.name === name);
  return found ?? { name, count: 0, average_confidence: null, last_prediction: null };
}

/**
 * The expression that was seen most often; null where none was.
 * @param {Counts} counts
 */
export function mostCommon(counts) {
  const name = EMOTIONS.reduce((one, other) => (counts[other] > counts[one] ? other : one));
  return counts[name] ? name : null;
}
