// A curve of shares over shares, against the line on which both are the same.
import { svg } from "../core/svg.js";
import { levels, names, widest } from "./axis.js";
import { Plot } from "./plot.js";

/**
 * @typedef {{x: number, y: number, text: string}} Point shares, and what is said of them
 * @typedef {{x: string, y: string, share: (value: number) => string}} Words names of the axes, and how a share is said
 */

const FIFTHS = [0, 0.2, 0.4, 0.6, 0.8, 1];
const ABOVE = 30;
const BELOW = 44;

/**
 * @param {HTMLElement} place
 * @param {Point[]} points
 * @param {Words} words
 */
export function curve(place, points, words) {
  new Plot(place, (width, height) => drawn(points, words, width, height)).update();
}

/**
 * @param {Point[]} points
 * @param {Words} words
 * @param {number} width
 * @param {number} height
 */
function drawn(points, words, width, height) {
  const ticks = FIFTHS.map((value) => ({ value, text: words.share(value) }));
  const texts = ticks.map(({ text }) => text);
  const area = { left: 12 + widest(texts), right: width - widest(texts) / 2, top: ABOVE, bottom: height - BELOW };
  /** @param {number} share */
  const x = (share) => area.left + (area.right - area.left) * share;
  /** @param {number} share */
  const y = (share) => area.bottom - (area.bottom - area.top) * share;
  const d = points.map((point, index) => `${index ? "L" : "M"}${x(point.x).toFixed(1)} ${y(point.y).toFixed(1)}`);
  return [
    svg("text", { class: "axis-name", x: 0, y: 12 }, words.y),
    ...levels(ticks, y, area),
    ...names(texts, (index) => x(FIFTHS[index]), area),
    svg("text", { class: "axis-name end", x: area.right, y: height - 4 }, words.x),
    svg("line", { class: "ideal", x1: x(0), y1: y(0), x2: x(1), y2: y(1) }),
    svg("path", { class: "measured", d: d.join("") }),
    ...points.map((point) => dot(x(point.x), y(point.y), point.text)),
  ];
}

/**
 * @param {number} cx
 * @param {number} cy
 * @param {string} text
 */
function dot(cx, cy, text) {
  const reach = svg("circle", { class: "reach", cx, cy, r: 12 });
  return svg("g", {}, svg("circle", { class: "dot", cx, cy, r: 4 }), reach, svg("title", {}, text));
}
