// What is drawn with the bars: letters in them, the steps that are looked at, and where the weights changed.
import { svg } from "../core/svg.js";
import { emotionLetters } from "../core/texts.js";

/**
 * @import { Emotion } from "../core/emotions.js"
 * @import { Area, Part } from "./stacked-bars.js"
 *
 * @typedef {{from: number, to: number, emotion: Emotion|""}} Span steps that are looked at, both included
 * @typedef {{at: number, text: string}} Mark `at` is a place among the steps: 1.5 is the middle of the second
 * @typedef {{span: Span|null, marks: Mark[]}} Layers
 * @typedef {(step: number) => number} Across a place across, in pixels
 */

const LEAST_WIDTH = 20;
const LEAST_HEIGHT = 15;

/**
 * The two letters of each expression in the parts of bars that have room for them.
 * @param {Part[][]} bars
 * @param {Across} middle
 * @param {number} width
 */
export function lettersIn(bars, middle, width) {
  if (width < LEAST_WIDTH) return [];
  return bars.flatMap((parts, step) => {
    const high = parts.filter(({ top, bottom }) => bottom - top >= LEAST_HEIGHT);
    return high.map(({ name, top, bottom }) =>
      svg("text", { class: "letters", x: middle(step), y: (top + bottom) / 2 }, emotionLetters(name)),
    );
  });
}

/**
 * A ground behind the steps that are looked at.
 * @param {Span|null} span
 * @param {Area} area
 * @param {Across} edge
 */
export function selectionUnder(span, { top, bottom }, edge) {
  if (!span) return [];
  const [x, right] = [edge(span.from), edge(span.to + 1)];
  return [svg("rect", { class: "looked-at", x, y: top, width: right - x, height: bottom - top })];
}

/**
 * A frame around the part of an expression that is looked at.
 * @param {Span|null} span
 * @param {Part[][]} bars
 * @param {(step: number) => {left: number, width: number}} sides
 */
export function selectionOver(span, bars, sides) {
  const part = span?.emotion && bars[span.from]?.find(({ name }) => name === span.emotion);
  if (!span || !part) return [];
  const { left, width } = sides(span.from);
  const size = { x: left - 1, y: part.top - 1, width: width + 2, height: part.bottom - part.top + 2 };
  return [svg("rect", { class: "frame", ...size })];
}

/**
 * A line with a tag where another version of the weights began to read.
 * @param {Mark[]} marks
 * @param {Area} area
 * @param {Across} edge
 */
export function marksOver(marks, { left, right, top, bottom }, edge) {
  return marks.flatMap(({ at, text }) => {
    const x = edge(at);
    const late = x > (left + right) / 2;
    const place = { x: late ? x - 5 : x + 5, y: top + 10, "text-anchor": late ? "end" : "start" };
    return [
      svg("line", { class: "version", x1: x, x2: x, y1: top, y2: bottom }),
      svg("text", { class: "version-name", ...place }, text),
    ];
  });
}
