// Tables of figures: what the charts say, for eyes, ears and printers.
import { el } from "../core/dom.js";
import { EMOTIONS, totalOf } from "../core/emotions.js";
import { emotionTag, fillTable, NOTHING, numberCell, numbers, rowHead } from "../core/tables.js";
import { ago, dateTime, emotionName, number, percent, t } from "../core/texts.js";
import { localDay } from "./period.js";

/**
 * @import { Emotion } from "../core/emotions.js"
 * @import { Head } from "../core/tables.js"
 * @import { Bucket, Counts, Reading, Step } from "./figures.js"
 */

/**
 * Each emotion with its count and share.
 * @param {HTMLElement} table
 * @param {Counts} counts
 * @param {{only?: Emotion|"", choose?: (name: Emotion) => void}} [options] `only`: the one to bring out; `choose`: what
 *   a click on an emotion does
 */
export function sharesTable(table, counts, { only = "", choose } = {}) {
  const total = totalOf(counts);
  const rows = EMOTIONS.map((name) => {
    const tag = choose ? emotionButton(name, name === only, choose) : emotionTag(name);
    const share = total ? percent(counts[name] / total) : NOTHING;
    const weight = name === only ? "brought-out" : "held-back";
    return el("tr", { class: only && weight }, rowHead(tag), numberCell(number(counts[name])), numberCell(share));
  });
  fillTable(table, [{ text: t("column.emotion") }, numbers(t("column.count")), numbers(t("column.share"))], rows);
}

/**
 * @param {Emotion} name
 * @param {boolean} pressed
 * @param {(name: Emotion) => void} choose
 */
function emotionButton(name, pressed, choose) {
  const on = { click: () => choose(name) };
  return el("button", { class: "link", type: "button", "aria-pressed": String(pressed), on }, emotionTag(name));
}

/**
 * What the stacked bars show.
 * @param {HTMLElement} table
 * @param {string[]} labels
 * @param {Step[]} steps
 */
export function timelineTable(table, labels, steps) {
  const rows = steps
    .map((step, index) => ({ label: labels[index], ...step }))
    .filter(({ count }) => count > 0)
    .map(({ label, count, by_emotion: by }) =>
      el("tr", {}, rowHead(label), numberCell(number(count)), ...EMOTIONS.map((name) => numberCell(number(by[name])))),
    );
  const emotions = EMOTIONS.map((name) => numbers(emotionName(name)));
  fillTable(table, [{ text: t("column.time") }, numbers(t("column.count")), ...emotions], rows);
}

/**
 * Predictions, newest first; who and from where only where the server tells.
 * @param {HTMLElement} table
 * @param {Reading[]} readings
 * @param {{exact?: boolean, own?: boolean}} [options] `exact`: the full time instead of how long ago; `own`: all of one
 *   user, who need not be named
 */
export function readingsTable(table, readings, { exact = false, own = false } = {}) {
  const users = !own && readings.some(({ user }) => user);
  const addresses = readings.some(({ source_ip: address }) => address);
  const rows = readings.map((reading) =>
    el(
      "tr",
      { data: { id: reading.id } },
      el("td", {}, timeOf(reading, exact)),
      el("td", {}, emotionTag(reading.emotion)),
      numberCell(percent(reading.confidence)),
      users ? wideCell(reading.user) : null,
      addresses ? wideCell(reading.source_ip) : null,
    ),
  );
  /** @type {Head[]} */
  const heads = [{ text: t("column.time") }, { text: t("column.emotion") }, numbers(t("column.confidence"))];
  if (users) heads.push({ text: t("column.user"), kind: "wide-only" });
  if (addresses) heads.push({ text: t("column.address"), kind: "wide-only" });
  fillTable(table, heads, rows);
}

/**
 * @param {Reading} reading
 * @param {boolean} exact
 */
function timeOf({ timestamp }, exact) {
  const text = exact ? dateTime(timestamp, { dateStyle: "medium", timeStyle: "medium" }) : ago(timestamp);
  return el("time", { datetime: timestamp, title: dateTime(timestamp) }, text);
}

/** @param {string|null} text */
function wideCell(text) {
  return el("td", { class: "wide-only" }, text ?? NOTHING);
}

/**
 * The label of a step of a timeline.
 * @param {string} date a day, or an instant by the hour
 * @param {Bucket} bucket
 */
export function stepLabel(date, bucket) {
  if (bucket === "hour") return dateTime(date, { weekday: "short", hour: "2-digit", minute: "2-digit" });
  return dateTime(localDay(date), { day: "numeric", month: "short" });
}
