// Tables of figures: what the charts say, for eyes, ears and printers.
import { el } from "../core/dom.js";
import { EMOTIONS } from "../core/emotions.js";
import { ago, dateTime, emotionName, number, percent, t } from "../core/texts.js";

const CLASSES = { "#": "number", "~": "wide-only" };

/** @param {...string} heads the words of the columns; "#" before one: of numbers; "~": left out on phones */
function head(...heads) {
  return el("thead", {}, el("tr", {}, ...heads.map((text) => el("th", { scope: "col", class: CLASSES[text[0]] ?? null }, text.replace(/^[#~]/, "")))));
}

/** @param {string} name */
function emotionCell(name) {
  return el("span", { class: "emotion", data: { emotion: name } }, emotionName(name));
}

/**
 * Each emotion with its count and share.
 * @param {HTMLElement} table
 * @param {Record<string, number>} counts
 * @param {{only?: string, choose?: (name: string) => void}} [options] `only`: the one to bring out; `choose`: what a click
 *   on an emotion does
 */
export function sharesTable(table, counts, { only = "", choose } = {}) {
  const total = Object.values(counts).reduce((sum, count) => sum + count, 0);
  const name = (emotion) => (choose ? el("button", { class: "link", type: "button", "aria-pressed": String(emotion === only), on: { click: () => choose(emotion) } }, emotionCell(emotion)) : emotionCell(emotion));
  const row = (emotion) =>
    el("tr", { class: only ? (emotion === only ? "brought-out" : "held-back") : null }, el("th", { scope: "row" }, name(emotion)), el("td", { class: "number" }, number(counts[emotion])), el("td", { class: "number" }, total ? percent(counts[emotion] / total) : "–"));
  table.replaceChildren(head(t("column.emotion"), `#${t("column.count")}`, `#${t("column.share")}`), el("tbody", {}, ...EMOTIONS.map(row)));
}

/**
 * What the stacked bars show.
 * @param {HTMLElement} table
 * @param {string[]} labels
 * @param {{count: number, by_emotion: Record<string, number>}[]} steps
 */
export function timelineTable(table, labels, steps) {
  const rows = steps
    .map((step, index) => ({ label: labels[index], ...step }))
    .filter(({ count }) => count > 0)
    .map(({ label, count, by_emotion: by }) => el("tr", {}, el("th", { scope: "row" }, label), el("td", { class: "number" }, number(count)), ...EMOTIONS.map((name) => el("td", { class: "number" }, number(by[name])))));
  table.replaceChildren(head(t("column.time"), `#${t("column.count")}`, ...EMOTIONS.map((name) => `#${emotionName(name)}`)), el("tbody", {}, ...rows));
}

/**
 * @typedef {{id: number, timestamp: string, emotion: string, confidence: number, user: string|null, source_ip: string|null}} Reading
 *
 * Predictions, newest first; who and from where only where the server tells.
 * @param {HTMLElement} table
 * @param {Reading[]} readings
 * @param {{exact?: boolean, own?: boolean}} [options] `exact`: the full time instead of how long ago; `own`: all of one
 *   user, who need not be named
 */
export function readingsTable(table, readings, { exact = false, own = false } = {}) {
  const [users, addresses] = [!own && readings.some(({ user }) => user), readings.some(({ source_ip: address }) => address)];
  const optional = (shown, value) => (shown ? [el("td", { class: "wide-only" }, value ?? "–")] : []);
  const row = (reading) =>
    el(
      "tr",
      { data: { id: reading.id } },
      el("td", {}, el("time", { datetime: reading.timestamp, title: dateTime(reading.timestamp) }, exact ? dateTime(reading.timestamp, { dateStyle: "medium", timeStyle: "medium" }) : ago(reading.timestamp))),
      el("td", {}, emotionCell(reading.emotion)),
      el("td", { class: "number" }, percent(reading.confidence)),
      ...optional(users, reading.user),
      ...optional(addresses, reading.source_ip),
    );
  const heads = [t("column.time"), t("column.emotion"), `#${t("column.confidence")}`, ...(users ? [`~${t("column.user")}`] : []), ...(addresses ? [`~${t("column.address")}`] : [])];
  table.replaceChildren(head(...heads), el("tbody", {}, ...readings.map(row)));
}

/**
 * The label of a step of a timeline.
 * @param {string} date a day, or an instant by the hour
 * @param {"hour"|"day"} bucket
 */
export function stepLabel(date, bucket) {
  if (bucket === "hour") return dateTime(date, { weekday: "short", hour: "2-digit", minute: "2-digit" });
  const [year, month, day] = date.split("-").map(Number);
  return dateTime(new Date(year, month - 1, day), { day: "numeric", month: "short" });
}
