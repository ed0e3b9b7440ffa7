// A doughnut of the seven, or of one of them among the others, which are then all of one grey.
import { BY_VALENCE, totalOf } from "../core/emotions.js";
import { Fills } from "../core/fills.js";
import { picture, svg } from "../core/svg.js";
import { emotionName } from "../core/texts.js";
import { pointOf } from "./plot.js";
import { tipLine } from "./stacked-bars.js";
import { Tip } from "./tip.js";

/**
 * @import { Emotion } from "../core/emotions.js"
 *
 * @typedef {object} Doughnut
 * @property {HTMLElement} place
 * @property {() => {counts: Record<Emotion, number>, only: Emotion|""}} read `only`: the one to bring out
 * @property {(count: number, total: number) => string} words what is said of a slice
 * @property {(name: Emotion) => void} pick is told whose slice was clicked
 */

const SIDE = 200;
const RADIUS = 99;
const HOLE = 70;
/** Radians short of the whole: an arc that ends where it began is none. */
const HAIR = 1e-4;

/**
 * @param {Doughnut} doughnut
 * @returns {() => void} draws what there is to read now
 */
export function doughnut({ place, read, words, pick }) {
  const fills = new Fills();
  const ring = picture("ring", SIDE, SIDE);
  place.append(fills.definitions, ring);
  const tip = new Tip(place);
  const nameOf = (/** @type {Event} */ { target }) => {
    const name = target instanceof SVGPathElement ? target.dataset.emotion : undefined;
    return BY_VALENCE.find((one) => one === name);
  };
  ring.addEventListener("click", (event) => {
    const name = nameOf(event);
    if (name) pick(name);
  });
  place.addEventListener("pointermove", (event) => {
    const name = nameOf(event);
    if (!name) return tip.hide();
    const { counts } = read();
    const { x, y } = pointOf(place, event);
    tip.show(x, y, emotionName(name), [tipLine(name, words(counts[name], totalOf(counts)))]);
  });
  return () => ring.replaceChildren(...slices(read(), fills));
}

/**
 * @param {{counts: Record<Emotion, number>, only: Emotion|""}} shown
 * @param {Fills} fills
 */
function slices({ counts, only }, fills) {
  const total = totalOf(counts);
  let sum = 0;
  return BY_VALENCE.filter((name) => counts[name] > 0).map((name) => {
    const from = sum / total;
    sum += counts[name];
    const isBack = only !== "" && only !== name;
    const look = { class: isBack ? "slice back" : "slice", fill: isBack ? null : fills.of(name) };
    return svg("path", { ...look, "data-emotion": name, d: slice(from, sum / total) });
  });
}

/**
 * @param {number} from a share of the round, from the top
 * @param {number} to
 */
function slice(from, to) {
  const angles = [from, to].map((share) => (share - 0.25) * 2 * Math.PI);
  const [start, end] = [angles[0], Math.min(angles[1], angles[0] + 2 * Math.PI - HAIR)];
  const large = end - start > Math.PI ? 1 : 0;
  const outer = `M${at(start, RADIUS)}A${RADIUS} ${RADIUS} 0 ${large} 1 ${at(end, RADIUS)}`;
  return `${outer}L${at(end, HOLE)}A${HOLE} ${HOLE} 0 ${large} 0 ${at(start, HOLE)}Z`;
}

/**
 * @param {number} angle
 * @param {number} radius
 */
function at(angle, radius) {
  const [x, y] = [Math.cos(angle), Math.sin(angle)].map((part) => SIDE / 2 + radius * part);
  return `${x.toFixed(2)} ${y.toFixed(2)}`;
}
