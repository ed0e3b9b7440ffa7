// A timeline as a table: a row a person and step.
import { el } from "../core/dom.js";
import { BY_VALENCE } from "../core/emotions.js";
import { emotionTag, fillTable, numberCell, numbers, rowHead } from "../core/tables.js";
import { emotionName, number, percent, t } from "../core/texts.js";
import { nameOf } from "./lane.js";
import { clockText } from "./scale.js";

/** @import { Series, Span, TimelineAnswer } from "./types.js" */

const MOST_ROWS = 1000;

/**
 * A folded table that is filled when it is opened.
 * @param {TimelineAnswer} timeline
 * @param {Span} view of which rows are shown
 * @param {boolean} open
 */
export function timelineTable(timeline, view, open) {
  const table = el("table", { class: "table" });
  const frame = el(
    "div",
    { class: "table-frame", tabindex: 0, role: "group", "aria-label": t("timeline.table") },
    table,
  );
  const details = el("details", { class: "as-table no-print" }, el("summary", {}, t("timeline.table")), frame);
  details.addEventListener("toggle", () => fill(table, timeline, view), { once: true });
  details.open = open;
  return details;
}

/**
 * @param {HTMLTableElement} table
 * @param {TimelineAnswer} timeline
 * @param {Span} view
 */
function fill(table, timeline, view) {
  const all = timeline.people.flatMap((series) => pointsOf(series, timeline.step_seconds * 1000, view));
  const rows = all
    .slice(0, MOST_ROWS)
    .map(({ series, point }) =>
      el(
        "tr",
        {},
        rowHead(nameOf(series)),
        el("td", { class: "number" }, clockText(point.offset_ms)),
        el("td", {}, emotionTag(point.emotion_name), point.uncertain ? ` ${t("timeline.unsure")}` : null),
        numberCell(percent(point.confidence)),
        numberCell(number(point.seconds)),
        ...BY_VALENCE.map((name) => numberCell(percent(point.scores[name]))),
      ),
    );
  const heads = [
    { text: t("column.person") },
    numbers(t("column.time")),
    { text: t("column.emotion") },
    numbers(t("column.confidence")),
    numbers(t("column.seconds")),
    ...BY_VALENCE.map((name) => numbers(emotionName(name))),
  ];
  const cut = all.length > MOST_ROWS ? ` ${t("timeline.cut", { count: number(MOST_ROWS) })}` : "";
  fillTable(table, heads, rows, t("timeline.caption", { seconds: number(timeline.step_seconds) }) + cut);
}

/**
 * @param {Series} series
 * @param {number} stepMs
 * @param {Span} view
 */
function pointsOf(series, stepMs, { from, until }) {
  const seen = series.points.filter(({ offset_ms: at }) => at + stepMs > from && at < until);
  return seen.map((point) => ({ series, point }));
}
