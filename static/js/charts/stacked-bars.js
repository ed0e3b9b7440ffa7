// Bars over time, stacked by expression from pleasant to unpleasant, and what is drawn under and over them.
import { el } from "../core/dom.js";
import { BY_VALENCE } from "../core/emotions.js";
import { Fills } from "../core/fills.js";
import { svg } from "../core/svg.js";
import { levels, names, wholeTicks, widest } from "./axis.js";
import { lettersIn, marksOver, selectionOver, selectionUnder } from "./layers.js";
import { Plot, pointOf } from "./plot.js";
import { Tip } from "./tip.js";

/**
 * @import { Emotion } from "../core/emotions.js"
 * @import { Layers, Span } from "./layers.js"
 *
 * @typedef {{count: number, by_emotion: Record<Emotion, number>}} Bar
 * @typedef {{labels: string[], steps: Bar[], shares?: boolean, layers?: Layers}} Bars `shares`: each bar is all of its
 *   step; `layers`: what else is drawn
 * @typedef {{name: Emotion, top: number, bottom: number}} Part of a bar, in pixels
 * @typedef {{left: number, right: number, top: number, bottom: number}} Area
 *
 * @typedef {object} Words
 * @property {(value: number, shares: boolean) => string} axis
 * @property {(bar: Bar, name: Emotion) => string} part
 * @property {(bar: Bar) => string} total
 */

const MOST_WIDE = 42;
const FILLED = 0.81;
const ABOVE = 8;
const BELOW = 26;
const BEFORE = 10;
const QUARTERS = [0, 0.25, 0.5, 0.75, 1];

export class StackedBars {
  #place;
  #read;
  #words;
  #plot;
  #fills = new Fills();
  #tip;
  #area = { left: 0, right: 1, top: 0, bottom: 1 };
  /** @type {Part[][]} */
  #parts = [];
  #under = svg("g", { class: "under" });
  #over = svg("g", { class: "over" });

  /**
   * @param {HTMLElement} place
   * @param {() => Bars} read
   * @param {Words} words
   */
  constructor(place, read, words) {
    this.#place = place;
    this.#read = read;
    this.#words = words;
    place.append(this.#fills.definitions);
    this.#plot = new Plot(place, (width, height) => this.#draw(width, height));
    this.#tip = new Tip(place);
    place.addEventListener("pointermove", (event) => this.#point(event));
    place.addEventListener("pointerdown", () => this.#tip.hide());
  }

  /** Draw what there is to read now. */
  update() {
    this.#tip.hide();
    this.#plot.update();
  }

  /** Draw what is looked at now. */
  look() {
    const { span = null, marks = [] } = this.#read().layers ?? {};
    this.#under.replaceChildren(...selectionUnder(span, this.#area, (step) => this.#edge(step)));
    const framed = selectionOver(span, this.#parts, (step) => this.#sides(step));
    this.#over.replaceChildren(...framed, ...marksOver(marks, this.#area, (step) => this.#edge(step)));
  }

  /**
   * The step at a place across.
   * @param {MouseEvent} event
   */
  stepAt(event) {
    const { left, right } = this.#area;
    const count = this.#read().steps.length;
    const at = Math.floor(((pointOf(this.#place, event).x - left) / (right - left)) * count);
    return Math.max(0, Math.min(count - 1, at));
  }

  /**
   * Whether the pointer is where bars are.
   * @param {MouseEvent} event
   */
  isUnder(event) {
    const { x, y } = pointOf(this.#place, event);
    const { left, right, top, bottom } = this.#area;
    return this.#parts.length > 0 && x >= left && x <= right && y >= top && y <= bottom;
  }

  /**
   * The step under the pointer, and the expression whose part of the bar it is on.
   * @param {MouseEvent} event
   * @returns {Span}
   */
  spanAt(event) {
    const step = this.stepAt(event);
    const { x, y } = pointOf(this.#place, event);
    const { left, width } = this.#sides(step);
    const isOn = x >= left && x <= left + width;
    const part = isOn ? this.#parts[step].find(({ top, bottom }) => y >= top && y < bottom) : undefined;
    return { from: step, to: step, emotion: part?.name ?? "" };
  }

  /**
   * @param {number} width
   * @param {number} height
   */
  #draw(width, height) {
    const { labels, steps, shares = false } = this.#read();
    const values = shares ? QUARTERS : wholeTicks(Math.max(0, ...steps.map(({ count }) => count)));
    const ticks = values.map((value) => ({ value, text: this.#words.axis(value, shares) }));
    const left = BEFORE + widest(ticks.map(({ text }) => text));
    this.#area = { left, right: width - 2, top: ABOVE, bottom: height - BELOW };
    const { top, bottom } = this.#area;
    const most = values[values.length - 1];
    /** @param {number} value */
    const y = (value) => bottom - ((bottom - top) * value) / most;
    this.#parts = steps.map((step) => partsOf(step, shares, y));
    this.look();
    const middle = (/** @type {number} */ step) => this.#edge(step + 0.5);
    return [
      ...levels(ticks, y, this.#area),
      ...names(labels, middle, this.#area),
      this.#under,
      ...BY_VALENCE.map((name) => this.#bars(name)),
      ...lettersIn(this.#parts, middle, this.#sides(0).width),
      this.#over,
    ];
  }

  /**
   * The parts of one expression in all bars, as one shape.
   * @param {Emotion} name
   */
  #bars(name) {
    const shapes = this.#parts.map((parts, step) => {
      const part = parts.find((one) => one.name === name);
      if (!part) return "";
      const { left, width } = this.#sides(step);
      return `M${round(left)} ${round(part.top)}h${round(width)}V${round(part.bottom)}h${round(-width)}Z`;
    });
    return svg("path", { class: "bar", "data-emotion": name, fill: this.#fills.of(name), d: shapes.join("") });
  }

  /**
   * Where a step begins, in pixels.
   * @param {number} step may have a fraction
   */
  #edge(step) {
    const { left, right } = this.#area;
    return left + ((right - left) * step) / Math.max(1, this.#read().steps.length);
  }

  /** @param {number} step */
  #sides(step) {
    const room = this.#edge(step + 1) - this.#edge(step);
    const width = Math.min(MOST_WIDE, room * FILLED);
    return { left: this.#edge(step) + (room - width) / 2, width };
  }

  /** @param {PointerEvent} event */
  #point(event) {
    if (event.buttons || !this.isUnder(event)) return this.#tip.hide();
    const { labels, steps } = this.#read();
    const step = this.stepAt(event);
    const bar = steps[step];
    if (!bar.count) return this.#tip.hide();
    const seen = [...this.#parts[step]].reverse();
    const lines = seen.map(({ name }) => tipLine(name, this.#words.part(bar, name)));
    const { left, width } = this.#sides(step);
    this.#tip.show(left + width, pointOf(this.#place, event).y, labels[step], lines, this.#words.total(bar));
  }
}

/**
 * A line of a tip, with the sign of its expression.
 * @param {Emotion} name
 * @param {string} text
 */
export function tipLine(name, text) {
  return el("span", { class: "tip-line emotion", data: { emotion: name } }, text);
}

/**
 * The parts of a bar that are seen, from the ground up.
 * @param {Bar} bar
 * @param {boolean} shares
 * @param {(value: number) => number} y
 * @returns {Part[]}
 */
function partsOf({ count, by_emotion: by }, shares, y) {
  const whole = shares ? count || 1 : 1;
  let sum = 0;
  const parts = BY_VALENCE.map((name) => {
    const bottom = y(sum / whole);
    sum += by[name];
    return { name, bottom, top: y(sum / whole) };
  });
  return parts.filter(({ name }) => by[name] > 0);
}

/** @param {number} pixels */
function round(pixels) {
  return Math.round(pixels * 100) / 100;
}
