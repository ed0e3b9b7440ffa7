// Tables of figures: what the charts say, for eyes, ears and printers. They are brought up to date in place.
import { el } from "../core/dom.js";
import { BY_VALENCE, isEmotion, totalOf } from "../core/emotions.js";
import { root } from "../core/root.js";
import { emotionTag, NOTHING, numberCell, numbers, rowHead } from "../core/tables.js";
import { dateTime, emotionName, number, percent, t } from "../core/texts.js";
import { fixedPercent } from "./amounts.js";
import { patchChildren } from "./patch.js";
import { localDay } from "./period.js";
import { timeAgo } from "./ticking.js";

/**
 * @import { Emotion } from "../core/emotions.js"
 * @import { Head } from "../core/tables.js"
 * @import { Bucket, Counts, Reading, Step } from "./figures.js"
 */

/**
 * Each emotion with its count and share, from pleasant to unpleasant.
 * @param {HTMLElement} table
 * @param {Counts} counts
 * @param {{only?: Emotion|"", choosable?: boolean}} [options] `only`: the one to bring out; `choosable`: names are
 *   buttons, see `onChosenEmotion`
 */
export function sharesTable(table, counts, { only = "", choosable = false } = {}) {
  const total = totalOf(counts);
  const rows = BY_VALENCE.map((name) => {
    const tag = choosable ? emotionButton(name, name === only) : emotionTag(name);
    const share = total ? fixedPercent(counts[name] / total) : NOTHING;
    const weight = name === only ? "brought-out" : "held-back";
    const cells = [rowHead(tag), numberCell(number(counts[name])), numberCell(share)];
    return el("tr", { class: only && weight, data: { key: name } }, ...cells);
  });
  fill(table, [{ text: t("column.emotion") }, numbers(t("column.count")), numbers(t("column.share"))], rows);
}

/**
 * @param {Emotion} name
 * @param {boolean} pressed
 */
function emotionButton(name, pressed) {
  const attributes = { class: "link", type: "button", "aria-pressed": String(pressed), data: { choose: name } };
  return el("button", attributes, emotionTag(name));
}

/**
 * Hear which name in a table of shares was pressed.
 * @param {HTMLElement} table
 * @param {(name: Emotion) => void} choose
 */
export function onChosenEmotion(table, choose) {
  table.addEventListener("click", ({ target }) => {
    const button = /** @type {Element} */ (target).closest("[data-choose]");
    const name = button instanceof HTMLElement ? (button.dataset.choose ?? "") : "";
    if (isEmotion(name)) choose(name);
  });
}

/**
 * What the stacked bars show; steps in which nothing was seen are left out.
 * @param {HTMLElement} table
 * @param {string[]} labels
 * @param {Step[]} steps
 * @param {boolean} [choosable] labels and counts are buttons, see `onChosenStep`
 */
export function timelineTable(table, labels, steps, choosable = false) {
  const rows = steps.flatMap((step, index) => {
    if (!step.count) return [];
    const cells = BY_VALENCE.map((name) => numberCell(stepPart(step, index, name, choosable)));
    const head = choosable ? stepButton(labels[index], index) : labels[index];
    return [el("tr", { data: { key: step.date } }, rowHead(head), numberCell(number(step.count)), ...cells)];
  });
  const emotions = BY_VALENCE.map((name) => numbers(emotionName(name)));
  fill(table, [{ text: t("column.time") }, numbers(t("column.count")), ...emotions], rows);
}

/**
 * @param {Step} step
 * @param {number} index
 * @param {Emotion} name
 * @param {boolean} choosable
 */
function stepPart(step, index, name, choosable) {
  const count = step.by_emotion[name];
  if (!choosable || !count) return number(count);
  return stepButton(number(count), index, name);
}

/**
 * @param {string} text
 * @param {number} index
 * @param {Emotion|""} [emotion]
 */
function stepButton(text, index, emotion = "") {
  return el("button", { class: "link", type: "button", data: { step: index, emotion } }, text);
}

/**
 * Hear which step, and which emotion of it, was pressed in a table of a timeline.
 * @param {HTMLElement} table
 * @param {(index: number, name: Emotion|"") => void} choose
 */
export function onChosenStep(table, choose) {
  table.addEventListener("click", ({ target }) => {
    const button = /** @type {Element} */ (target).closest("[data-step]");
    if (!(button instanceof HTMLElement)) return;
    const name = button.dataset.emotion ?? "";
    choose(Number(button.dataset.step), isEmotion(name) ? name : "");
  });
}

/**
 * Predictions, newest first; who, from where and of which session only where the server tells.
 * @param {HTMLElement} table
 * @param {Reading[]} readings
 * @param {{exact?: boolean, own?: boolean, versions?: boolean}} [options] `exact`: the full time instead of how long
 *   ago; `own`: all of one user, who need not be named; `versions`: name the weights
 */
export function readingsTable(table, readings, { exact = false, own = false, versions = false } = {}) {
  /** @type {[boolean, Head, (reading: Reading) => HTMLTableCellElement][]} */
  const columns = [
    [true, { text: t("column.time") }, (reading) => el("td", {}, timeOf(reading, exact))],
    [true, { text: t("column.emotion") }, ({ emotion }) => el("td", {}, emotionTag(emotion))],
    [true, numbers(t("column.confidence")), (reading) => numberCell(confidenceOf(reading))],
    [!own && readings.some(({ user }) => user), wide(t("column.user")), ({ user }) => wideCell(user)],
    [
      !own && readings.some(({ source_ip: address }) => address),
      wide(t("column.address")),
      ({ source_ip: address }) => wideCell(address),
    ],
    [readings.some(({ session }) => session), wide(t("column.session")), ({ session }) => sessionCell(session)],
    [versions, wide(t("column.version")), ({ model_version_tag: tag }) => wideCell(tag)],
  ];
  const shown = columns.filter(([there]) => there);
  const rows = readings.map((reading) =>
    el("tr", { data: { id: reading.id, key: reading.id } }, ...shown.map(([, , cell]) => cell(reading))),
  );
  fill(
    table,
    shown.map(([, head]) => head),
    rows,
  );
}

/**
 * @param {Reading} reading
 * @param {boolean} exact
 */
function timeOf({ timestamp }, exact) {
  if (!exact) return timeAgo(timestamp);
  const text = dateTime(timestamp, { dateStyle: "medium", timeStyle: "medium" });
  return el("time", { datetime: timestamp }, text);
}

/** @param {Reading} reading */
function confidenceOf({ confidence, uncertain }) {
  const text = percent(confidence);
  return uncertain ? el("span", { class: "unsure", title: t("face.uncertain") }, `${text} ?`) : text;
}

/** @param {string} text @returns {Head} */
function wide(text) {
  return { text, kind: "wide-only" };
}

/** @param {string|null} text */
function wideCell(text) {
  return el("td", { class: "wide-only" }, text ?? NOTHING);
}

/** @param {string|null} uid */
function sessionCell(uid) {
  const link = uid && el("a", { href: `${root}/sessions/${uid}` }, uid.slice(0, 8));
  return el("td", { class: "wide-only" }, link || NOTHING);
}

/**
 * @param {HTMLElement} table
 * @param {Head[]} heads
 * @param {HTMLTableRowElement[]} rows
 */
function fill(table, heads, rows) {
  const head = heads.map(({ text, kind }) => el("th", { scope: "col", class: kind }, text));
  const body = el("tbody");
  body.append(...rows);
  patchChildren(table, el("thead", {}, el("tr", {}, ...head)), body);
}

/**
 * The label of a step of a timeline.
 * @param {string} date a day, or an instant by the hour or minute
 * @param {Bucket} bucket
 */
export function stepLabel(date, bucket) {
  if (bucket === "day") return dateTime(localDay(date), { day: "numeric", month: "short" });
  const time = /** @type {const} */ ({ hour: "2-digit", minute: "2-digit" });
  return dateTime(date, bucket === "hour" ? { weekday: "short", ...time } : time);
}
