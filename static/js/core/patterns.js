// Patterns of the seven: what tells areas of charts apart where colours cannot, on canvases and in SVG.
import { contextOf } from "./dom.js";
import { byEmotion, colour } from "./emotions.js";
import { svg } from "./svg.js";

/** @import { Emotion } from "./emotions.js" */

/** Pixels of a side of the square that repeats. */
const SIDE = 8;
const STROKE = 1.4;

/**
 * The lines of each pattern in its square, as SVG path data. Those that lie beside each other by valence differ most.
 * @type {Readonly<Record<Emotion, string>>}
 */
export const PATTERNS = {
  happy: "", // plain
  surprise: "M2 2h.01M6 6h.01", // dots
  neutral: "M0 4H8", // level lines
  sad: "M-2 6L2 10M-2 -2L10 10M6 -2L10 2", // lines that fall
  fear: "M4 0V8", // upright lines
  disgust: "M4 1.5V6.5M1.5 4H6.5", // crosses
  angry: "M-2 2L2 -2M-2 10L10 -2M6 10L10 6", // lines that rise
};

/**
 * The fill of an emotion on a canvas: its colour, with its pattern upon it.
 * @param {Emotion} name
 * @param {string} [ground] the colour, by default the emotion's own now
 * @param {string} [line] of the pattern, by default the surface's now
 * @returns {CanvasPattern}
 */
export function emotionPattern(name, ground = colour(name), line = colour("surface")) {
  const ratio = Math.ceil(devicePixelRatio || 1);
  const tile = new OffscreenCanvas(SIDE * ratio, SIDE * ratio);
  const context = contextOf(tile);
  context.scale(ratio, ratio);
  context.fillStyle = ground;
  context.fillRect(0, 0, SIDE, SIDE);
  Object.assign(context, { strokeStyle: line, lineWidth: STROKE, lineCap: "round", globalAlpha: 0.7 });
  context.stroke(new Path2D(PATTERNS[name]));
  const pattern = /** @type {CanvasPattern} */ (context.createPattern(tile, "repeat"));
  pattern.setTransform(new DOMMatrix().scale(1 / ratio));
  return pattern;
}

/** The fill of each emotion on a canvas, in the colours of now. */
export function emotionPatterns() {
  const line = colour("surface");
  return byEmotion((name) => emotionPattern(name, colour(name), line));
}

/**
 * The `<pattern>` of an emotion for a `<defs>`, to be named as `fill="url(#id)"`; `components/emotions.css` colours it,
 * so it follows the theme by itself.
 * @param {Emotion} name
 * @param {string} id
 * @returns {SVGPatternElement}
 */
export function svgPattern(name, id) {
  const units = { width: SIDE, height: SIDE, patternUnits: "userSpaceOnUse" };
  const marks = [svg("rect", { width: SIDE, height: SIDE }), svg("path", { d: PATTERNS[name] })];
  return svg("pattern", { id, ...units, class: "emotion-pattern", "data-emotion": name }, ...marks);
}
