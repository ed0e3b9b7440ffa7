// Sessions over each other: a line for each, told apart by its letter and its dashes as well as by its colour.
import { el } from "../core/dom.js";
import { picture, svg } from "../core/svg.js";
import { emotionTag } from "../core/tables.js";
import { emotionName, t } from "../core/texts.js";
import { axis } from "../timeline/lane.js";
import { LETTERS } from "./means.js";

/**
 * @import { Emotion } from "../core/emotions.js"
 * @import { Scale } from "../timeline/scale.js"
 * @import { Agreement, Mean } from "./means.js"
 */

const HEIGHT = 96;

/**
 * The mean score of one expression in each session.
 * @param {Emotion} name
 * @param {Mean[][]} sessions
 * @param {number} stepMs
 * @param {Scale} scale
 */
export function lineChart(name, sessions, stepMs, scale) {
  const lines = sessions.flatMap((means, index) => lineOf(name, means, index, stepMs, scale));
  return chartOf(el("h3", {}, emotionTag(name)), t("compare.line", { emotion: emotionName(name) }), scale, lines);
}

/**
 * The share of people who show the same expression, in its colour.
 * @param {Agreement[]} agreement
 * @param {number} stepMs
 * @param {Scale} scale
 */
export function agreementChart(agreement, stepMs, scale) {
  const bars = inView(agreement, stepMs, scale).map(({ offset, share, emotion }) => {
    const left = scale.x(Math.max(offset, scale.from));
    const right = scale.x(Math.min(offset + stepMs, scale.until));
    const height = share * HEIGHT;
    return svg("rect", { "data-emotion": emotion, x: left, y: HEIGHT - height, width: right - left, height });
  });
  return chartOf(null, t("compare.agree"), scale, bars);
}

/**
 * @param {HTMLElement|null} head
 * @param {string} name
 * @param {Scale} scale
 * @param {SVGElement[]} drawn
 */
function chartOf(head, name, scale, drawn) {
  const zero = scale.meets(0, 1) ? svg("line", { class: "zero", x1: scale.x(0), x2: scale.x(0), y2: HEIGHT }) : null;
  const half = svg("line", { class: "half", x2: scale.width, y1: HEIGHT / 2, y2: HEIGHT / 2 });
  const ground = svg("rect", { class: "ground", width: scale.width, height: HEIGHT });
  const lines = picture("lines", scale.width, HEIGHT, ground, half, ...drawn, zero);
  return el("div", { class: "line-chart" }, head, el("div", { role: "img", "aria-label": name }, lines, axis(scale)));
}

/**
 * @param {Emotion} name
 * @param {Mean[]} means
 * @param {number} index
 * @param {number} stepMs
 * @param {Scale} scale
 */
function lineOf(name, means, index, stepMs, scale) {
  const seen = inView(means, stepMs, scale);
  let before = Number.NaN;
  const parts = seen.map(({ offset, scores }) => {
    const together = offset - before === stepMs;
    before = offset;
    const y = ((1 - scores[name]) * (HEIGHT - 4) + 2).toFixed(1);
    return `${together ? "L" : "M"}${scale.x(offset + stepMs / 2)} ${y}${together ? "" : "h.1"}`;
  });
  const last = seen.at(-1);
  if (!last) return [];
  const x = Math.min(scale.x(last.offset + stepMs / 2) + 3, scale.width - 10);
  const y = Math.min(Math.max((1 - last.scores[name]) * HEIGHT, 10), HEIGHT - 4);
  return [
    svg("path", { class: "line", "data-session": index, d: parts.join("") }),
    svg("text", { "data-session": index, x, y }, LETTERS[index]),
  ];
}

/**
 * @template {{offset: number}} Step
 * @param {Step[]} steps
 * @param {number} stepMs
 * @param {Scale} scale
 */
function inView(steps, stepMs, scale) {
  return steps.filter(({ offset }) => scale.meets(offset, offset + stepMs));
}
