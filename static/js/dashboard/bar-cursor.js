// The bars as something to work with: by pointer and by keys, a step is looked at, narrowed to, or a range chosen.
import { BY_VALENCE } from "../core/emotions.js";
import { counted, t } from "../core/texts.js";
import { partText } from "./bar-words.js";

/**
 * @import { Span } from "../charts/layers.js"
 * @import { StackedBars } from "../charts/stacked-bars.js"
 * @import { Emotion } from "../core/emotions.js"
 * @import { Step } from "./figures.js"
 *
 * @typedef {object} Plot
 * @property {HTMLElement} place has the focus; its value is what is looked at
 * @property {HTMLElement} readout says it to eyes
 * @property {StackedBars} bars
 * @property {() => {labels: string[], steps: Step[]}} read
 * @property {() => string} summary what is said of all
 * @property {(span: Span|null) => void} look show what is looked at
 * @property {(span: Span) => void} narrow go there
 */

const DRAGGED = 8;

/**
 * Let people work with the bars. Returns what puts things right when there are others.
 * @param {Plot} plot
 */
export function workWithBars(plot) {
  const cursor = new Cursor(plot);
  plot.place.addEventListener("keydown", (event) => cursor.key(event));
  plot.place.addEventListener("blur", () => cursor.clear());
  followPointer(plot);
  return () => cursor.refresh();
}

/** What is looked at by keys. */
class Cursor {
  #plot;
  #span = /** @type {Span|null} */ (null);
  /** Where a range begins, that goes to the step looked at. */
  #anchor = 0;
  #at = 0;

  /** @param {Plot} plot */
  constructor(plot) {
    this.#plot = plot;
    this.refresh();
  }

  /** Nothing is looked at. */
  clear() {
    this.#look(null);
  }

  /** There are other steps. */
  refresh() {
    const last = this.#plot.read().steps.length - 1;
    if (this.#span && this.#span.to > last) this.#span = null;
    this.#look(this.#span);
  }

  /** @param {KeyboardEvent} event */
  key(event) {
    const last = this.#plot.read().steps.length - 1;
    if (last < 0) return;
    const at = this.#span ? this.#at : -1;
    const goals = /** @type {Record<string, number>} */ ({
      ArrowRight: at + 1,
      ArrowLeft: this.#span ? at - 1 : last,
      Home: 0,
      End: last,
    });
    if (event.key in goals) this.#go(Math.max(0, Math.min(last, goals[event.key])), event.shiftKey);
    else if (event.key === "ArrowUp" || event.key === "ArrowDown") this.#turn(event.key === "ArrowUp" ? 1 : -1);
    else if (event.key === "Escape" && this.#span) this.clear();
    else if (event.key === "Enter" && this.#span) this.#plot.narrow(this.#span);
    else return;
    event.preventDefault();
  }

  /**
   * @param {number} step
   * @param {boolean} range go on from where it began
   */
  #go(step, range) {
    if (!range || !this.#span) this.#anchor = step;
    this.#at = step;
    const [from, to] = [Math.min(this.#anchor, step), Math.max(this.#anchor, step)];
    this.#look({ from, to, emotion: from === to ? (this.#span?.emotion ?? "") : "" });
  }

  /**
   * Look at the next expression of the step that was seen in it, from the bottom up.
   * @param {1|-1} way
   */
  #turn(way) {
    if (!this.#span) this.#go(this.#plot.read().steps.length - 1, false);
    const step = this.#plot.read().steps[this.#at];
    const seen = /** @type {(Emotion|"")[]} */ (["", ...BY_VALENCE.filter((name) => step.by_emotion[name])]);
    const index = seen.indexOf(this.#span?.emotion ?? "") + way;
    this.#anchor = this.#at;
    this.#look({ from: this.#at, to: this.#at, emotion: seen[(index + seen.length) % seen.length] });
  }

  /** @param {Span|null} span */
  #look(span) {
    this.#span = span;
    const { place, readout, read } = this.#plot;
    const text = span ? textOf(span, read()) : this.#plot.summary();
    place.setAttribute("aria-valuemax", String(Math.max(0, read().steps.length - 1)));
    place.setAttribute("aria-valuenow", String(span ? this.#at : 0));
    place.setAttribute("aria-valuetext", text);
    readout.textContent = span ? text : "";
    this.#plot.look(span);
  }
}

/**
 * @param {Span} span
 * @param {{labels: string[], steps: Step[]}} bars
 */
function textOf({ from, to, emotion }, { labels, steps }) {
  const count = steps.slice(from, to + 1).reduce((sum, step) => sum + step.count, 0);
  const values = { time: labels[from], until: labels[to], seconds: counted("seconds", count) };
  if (from !== to) return t("readout.range", values);
  if (emotion) return `${labels[from]} · ${partText(steps[from], emotion)}`;
  return t("readout.step", values);
}

/**
 * A click goes to the step and the expression under the pointer, a drag to the steps that it passed over.
 * @param {Plot} plot
 */
function followPointer({ place, bars, look, narrow }) {
  let start = /** @type {PointerEvent|null} */ (null);
  let span = /** @type {Span|null} */ (null);
  place.addEventListener("pointerdown", (event) => {
    if (event.button === 0 && bars.isUnder(event)) start = event;
  });
  place.addEventListener("pointermove", (event) => {
    if (!start || (!span && Math.abs(event.clientX - start.clientX) < DRAGGED)) return;
    if (!span) place.setPointerCapture(event.pointerId);
    const ends = [bars.stepAt(start), bars.stepAt(event)];
    span = { from: Math.min(...ends), to: Math.max(...ends), emotion: "" };
    look(span);
  });
  const end = () => {
    [start, span] = [null, null];
    look(null);
  };
  place.addEventListener("pointercancel", end);
  place.addEventListener("pointerup", (event) => {
    const goal = span ?? (start && bars.spanAt(event));
    end();
    if (goal) narrow(goal);
  });
}
