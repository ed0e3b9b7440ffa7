// A recorded session over time: a lane for each person, markers and gaps. SVG, so that it prints and stays sharp.
import { el } from "../core/dom.js";
import { t } from "../core/texts.js";
import { Chart } from "./chart.js";
import { followKeys } from "./keys.js";
import { followPointer } from "./pointer.js";
import { pointAt, showReadout, spokenOf } from "./readout.js";
import { MOST_LANES, Surround } from "./surround.js";
import { View } from "./view.js";

/** @import { Loader, Series, TimelineAnswer } from "./types.js" */

/** Events: `moment` when a moment is chosen, which is then in `moment`; `view` when another stretch is in view. */
export class SessionTimeline extends EventTarget {
  #host;
  #zooms;
  #view;
  #chart = new Chart();
  #surround;
  #timeline = /** @type {TimelineAnswer|null} */ (null);
  #moment = /** @type {number|null} */ (null);
  #hover = /** @type {number|null} */ (null);
  #active = 0;
  #all = false;
  #width = 0;

  /**
   * @param {HTMLElement} host an empty element; it is filled
   * @param {{zoom?: boolean, load?: Loader|null}} [options] `load` gives finer points of what is zoomed into
   */
  constructor(host, { zoom = true, load = null } = {}) {
    super();
    this.#host = host;
    this.#zooms = zoom;
    this.#view = new View(load, () => this.#draw());
    this.#view.addEventListener("change", () => this.dispatchEvent(new Event("view")));
    this.#surround = new Surround(this.#chart.element, zoom ? (nearer) => this.#zoom(nearer) : null, () =>
      this.#toggle(),
    );
    this.#view.addEventListener("wait", () =>
      this.#surround.element.setAttribute("aria-busy", String(this.#view.waits)),
    );
    this.#followPointer();
    this.#followKeys();
    new ResizeObserver(() => this.#resized()).observe(host);
  }

  /** The moment that was chosen, in milliseconds; null without one. */
  get moment() {
    return this.#moment;
  }

  /** What is in view. */
  get view() {
    return this.#view.span;
  }

  /**
   * Show a session. Of the same one that has grown, what is in view and the chosen moment stay.
   * @param {TimelineAnswer} timeline
   * @param {number} lengthMs of the session
   * @param {number} [startMs] where it begins, below 0 on a clock of several sessions
   */
  show(timeline, lengthMs, startMs = 0) {
    this.#view.fill(timeline, { from: startMs, until: startMs + Math.max(lengthMs, 1000) });
    if (!this.#host.contains(this.#surround.element)) this.#host.replaceChildren(this.#surround.element);
    this.#draw();
  }

  clear() {
    this.#timeline = null;
    this.#moment = null;
    this.#hover = null;
    this.#active = 0;
    this.#view.clear();
    this.#host.replaceChildren();
  }

  /**
   * Choose a moment, and bring it into view.
   * @param {number} ms
   */
  choose(ms) {
    this.#moment = ms;
    this.#view.bringIn(ms);
    this.#read();
    this.dispatchEvent(new Event("moment"));
  }

  #resized() {
    if (this.#timeline && Math.round(this.#host.clientWidth) !== this.#width) this.#draw();
  }

  #draw() {
    this.#timeline = this.#view.timeline;
    if (!this.#timeline) return;
    this.#width = Math.round(this.#host.clientWidth);
    this.#chart.draw(this.#people, this.#timeline, this.#view.span, this.#width);
    this.#surround.fill(this.#timeline, this.#view.span, { fills: this.#chart.fills, all: this.#all });
    this.#read();
  }

  /** The lanes that are shown: those seen longest where there are many. */
  get #people() {
    const people = this.#timeline?.people ?? [];
    if (this.#all || people.length <= MOST_LANES) return people;
    const longest = [...people].sort((one, other) => secondsOf(other) - secondsOf(one)).slice(0, MOST_LANES);
    return people.filter((series) => longest.includes(series));
  }

  get #stepMs() {
    return (this.#timeline?.step_seconds ?? 1) * 1000;
  }

  /**
   * The beginning of the step that holds a moment.
   * @param {number} ms
   */
  #stepAt(ms) {
    return Math.floor(ms / this.#stepMs) * this.#stepMs;
  }

  #toggle() {
    this.#all = !this.#all;
    this.#draw();
  }

  /** @param {number} nearer */
  #zoom(nearer) {
    if (this.#zooms) this.#view.zoom(nearer, this.#moment);
  }

  #followPointer() {
    const { element } = this.#chart;
    /** @param {number} part */
    const at = (part) => this.#chart.scale.at(part);
    followPointer(element, {
      hover: (part, y) => this.#hovered(this.#stepAt(at(part)), this.#chart.laneAt(y)),
      leave: () => this.#hovered(null, this.#active),
      choose: (part) => this.choose(this.#stepAt(at(part))),
      mark: (from, until) => this.#zooms && this.#chart.mark(from, until),
      stretch: (from, until) => this.#zooms && this.#view.set(at(from), at(until)),
    });
  }

  #followKeys() {
    followKeys(this.#chart.element, {
      step: (steps) => this.#stepBy(steps),
      jump: (to) => this.choose(this.#stepAt(to === "first" ? this.#view.span.from : this.#view.span.until - 1)),
      lane: (lanes) => this.#activate(this.#active + lanes),
      zoom: (nearer) => this.#zoom(nearer),
    });
    this.#chart.element.addEventListener("focus", () => {
      if (this.#moment === null && this.#hover === null) this.#stepBy(0);
    });
  }

  /** @param {number} steps */
  #stepBy(steps) {
    const { from, until } = this.#view.all;
    const now = this.#stepAt(this.#moment ?? this.#view.span.from);
    this.choose(Math.min(Math.max(now + steps * this.#stepMs, this.#stepAt(from)), this.#stepAt(until - 1)));
  }

  /** @param {number} lane */
  #activate(lane) {
    this.#active = Math.min(Math.max(0, lane), Math.max(0, this.#people.length - 1));
    this.#read();
  }

  /**
   * @param {number|null} at
   * @param {number} lane
   */
  #hovered(at, lane) {
    this.#hover = at;
    this.#activate(lane);
  }

  /** Show what there is to read at the moment that is hovered over, or at the chosen one. */
  #read() {
    const at = this.#hover ?? this.#moment;
    this.#chart.point(at === null ? null : at + this.#stepMs / 2);
    this.#chart.activate(at === null ? -1 : this.#active);
    if (at === null) return this.#hint();
    const lanes = this.#people.map((series) => ({ series, point: pointAt(series, at, this.#stepMs) }));
    showReadout(this.#surround.readout, at, lanes, this.#active);
    const read = lanes[this.#active];
    if (read) this.#chart.say(at, spokenOf(at, read.series, read.point));
  }

  #hint() {
    const hint = t(this.#zooms ? "timeline.hint" : "timeline.hint_still");
    this.#surround.readout.replaceChildren(el("p", { class: "faint" }, hint));
  }
}

/** @param {Series} series */
function secondsOf({ points }) {
  return points.reduce((sum, { seconds }) => sum + seconds, 0);
}
