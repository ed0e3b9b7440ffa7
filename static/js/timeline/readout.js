// What is to read at one moment of a timeline: time, people, expressions, confidence, and the seven scores of one lane.
import { el } from "../core/dom.js";
import { BY_VALENCE } from "../core/emotions.js";
import { emotionTag, NOTHING } from "../core/tables.js";
import { emotionLetters, emotionName, percent, t } from "../core/texts.js";
import { nameOf } from "./lane.js";
import { clockText } from "./scale.js";

/** @import { Point, Series } from "./types.js" */

/**
 * The point of a lane whose step holds a moment.
 * @param {Series} series
 * @param {number} at
 * @param {number} stepMs
 * @returns {Point|null}
 */
export function pointAt({ points }, at, stepMs) {
  let [low, high] = [0, points.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (points[middle].offset_ms <= at) low = middle + 1;
    else high = middle;
  }
  const point = points[low - 1];
  return point && at < point.offset_ms + stepMs ? point : null;
}

/**
 * What a screen reader says of a moment of a lane.
 * @param {number} at
 * @param {Series} series
 * @param {Point|null} point
 */
export function spokenOf(at, series, point) {
  const values = { time: clockText(at), name: nameOf(series) };
  if (!point) return t("timeline.nobody_at", values);
  const said = { ...values, emotion: emotionName(point.emotion_name), confidence: percent(point.confidence) };
  return t(point.uncertain ? "timeline.unsure_at" : "timeline.at", said);
}

/**
 * Fill the readout.
 * @param {HTMLElement} place
 * @param {number} at
 * @param {{series: Series, point: Point|null}[]} lanes
 * @param {number} active the lane whose scores are shown
 */
export function showReadout(place, at, lanes, active) {
  const people = lanes.map(({ series, point }, index) =>
    el("li", { class: index === active && "active" }, el("b", {}, nameOf(series)), ...saidOf(point)),
  );
  place.replaceChildren(
    el("strong", { class: "number" }, clockText(at)),
    el("ul", { class: "readout-people" }, ...people),
    scoresOf(lanes[active]?.point ?? null),
  );
}

/** @param {Point|null} point */
function saidOf(point) {
  if (!point) return [" ", NOTHING];
  const unsure = point.uncertain ? ` ${t("timeline.unsure")}` : "";
  return [" ", emotionTag(point.emotion_name), ` ${percent(point.confidence)}${unsure}`];
}

/** @param {Point|null} point */
function scoresOf(point) {
  const scores = BY_VALENCE.map((name) =>
    el(
      "li",
      { data: { emotion: name }, title: emotionName(name) },
      el("i", { class: "emotion" }, emotionLetters(name)),
      ` ${point ? percent(point.scores[name]) : NOTHING}`,
    ),
  );
  return el("ul", { class: "readout-scores number" }, ...scores);
}
