// The mean scores of a lane as areas that lie upon each other: one column a step, so that nothing is invented between.

import { BY_VALENCE } from "../core/emotions.js";
import { svg } from "../core/svg.js";
import { emotionLetters } from "../core/texts.js";

/**
 * @import { Emotion } from "../core/emotions.js"
 * @import { Fills } from "./fills.js"
 * @import { Scale } from "./scale.js"
 * @import { Point } from "./types.js"
 *
 * @typedef {{left: number, right: number, tops: number[], point: Point}} Column `tops`: the upper edges of the seven,
 *   in the order of valence, from the ground up
 */

const LETTERS_WIDE = 26;
const LETTERS_HIGH = 15;

/**
 * The columns of the points in view.
 * @param {Point[]} points
 * @param {number} stepMs
 * @param {Scale} scale
 * @param {number} height
 * @returns {Column[]}
 */
export function columnsOf(points, stepMs, scale, height) {
  const seen = points.filter(({ offset_ms: from }) => scale.meets(from, from + stepMs));
  return seen.map((point) => {
    const left = scale.x(Math.max(point.offset_ms, scale.from));
    const right = scale.x(Math.min(point.offset_ms + stepMs, scale.until));
    return { left, right, tops: topsOf(point, height), point };
  });
}

/**
 * @param {Point} point
 * @param {number} height
 */
function topsOf({ scores }, height) {
  const total = BY_VALENCE.reduce((sum, name) => sum + scores[name], 0) || 1;
  let sum = 0;
  return BY_VALENCE.map((name) => {
    sum += scores[name];
    return Math.round((1 - sum / total) * height * 10) / 10;
  });
}

/**
 * The seven areas, each in its pattern.
 * @param {Column[]} columns
 * @param {number} height
 * @param {Fills} fills
 */
export function areas(columns, height, fills) {
  const runs = runsOf(columns, (one, next) => one.right === next.left);
  return BY_VALENCE.map((name, layer) => {
    const d = runs.map((run) => outline(run, layer, height)).join("");
    return svg("path", { class: "area", "data-emotion": name, fill: fills.of(name), d });
  });
}

/**
 * The outline of one area over a run of columns: its upper edge to the right, its lower one back.
 * @param {Column[]} run
 * @param {number} layer
 * @param {number} height
 */
function outline(run, layer, height) {
  const upper = run.map(({ right, tops }) => `V${tops[layer]}H${right}`).join("");
  const lower = [...run].reverse().map(({ left, tops }) => `V${layer ? tops[layer - 1] : height}H${left}`);
  return `M${run[0].left} ${run[0].tops[layer]}${upper}${lower.join("")}Z`;
}

/**
 * Dashes over the steps whose best score most people would not agree with, upon a ground that sets them off.
 * @param {Column[]} columns
 */
export function doubts(columns) {
  const uncertain = columns.filter(({ point }) => point.uncertain);
  const runs = runsOf(uncertain, (one, next) => one.right === next.left);
  const d = runs.map((run) => `M${run[0].left} 3H${run[run.length - 1].right}`).join("");
  return [svg("path", { class: "doubt-ground", d }), svg("path", { class: "doubt", d })];
}

/**
 * Two letters where an expression is the best for long enough, as a second sign beside the colour.
 * @param {Column[]} columns
 * @param {number} height
 */
export function letters(columns, height) {
  const runs = runsOf(columns, (one, next) => one.right === next.left && bestOf(one) === bestOf(next));
  const wide = runs.filter((run) => run[run.length - 1].right - run[0].left >= LETTERS_WIDE);
  return wide.map((run) => lettersOf(run, height)).filter((text) => text !== null);
}

/**
 * @param {Column[]} run
 * @param {number} height
 */
function lettersOf(run, height) {
  const middle = (run[0].left + run[run.length - 1].right) / 2;
  const { tops, point } = run.find(({ right }) => right >= middle) ?? run[0];
  const layer = BY_VALENCE.indexOf(point.emotion_name);
  const [top, bottom] = [tops[layer], layer ? tops[layer - 1] : height];
  if (bottom - top < LETTERS_HIGH) return null;
  return svg("text", { x: middle.toFixed(1), y: ((top + bottom) / 2).toFixed(1) }, emotionLetters(point.emotion_name));
}

/** @param {Column} column */
function bestOf({ point }) {
  return point.emotion_name;
}

/**
 * Columns that belong together.
 * @param {Column[]} columns
 * @param {(one: Column, next: Column) => boolean} together
 * @returns {Column[][]}
 */
function runsOf(columns, together) {
  const runs = /** @type {Column[][]} */ ([]);
  for (const column of columns) {
    const run = runs.at(-1);
    if (run && together(run[run.length - 1], column)) run.push(column);
    else runs.push([column]);
  }
  return runs;
}
