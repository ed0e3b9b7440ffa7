// A recorded session over time: a lane for each person, markers and gaps. SVG, so that it prints and stays sharp.
import { el } from "../core/dom.js";
import { number, t } from "../core/texts.js";
import { followKeys } from "./keys.js";
import { axis, LANE_HEIGHT, lane, markerNames } from "./lane.js";
import { legend } from "./legend.js";
import { followPointer } from "./pointer.js";
import { pointAt, showReadout, spokenOf } from "./readout.js";
import { Scale } from "./scale.js";
import { picture, svg } from "./svg.js";
import { timelineTable } from "./table.js";
import { View } from "./view.js";

/** @import { Loader, Series, TimelineAnswer } from "./types.js" */

const MOST_LANES = 8;
const SHARP_AT = 320;
let made = 0;

/** Events: `moment` when a moment is chosen (it is in `moment`), `view` when another stretch is in view. */
export class SessionTimeline extends EventTarget {
  #host;
  #zoom;
  #view;
  #timeline = /** @type {TimelineAnswer|null} */ (null);
  #moment = /** @type {number|null} */ (null);
  #hover = /** @type {number|null} */ (null);
  #active = 0;
  #all = false;
  #width = 0;
  #hatch = `gap-${++made}`;
  #chart = el("div", {
    class: "timeline-chart",
    role: "slider",
    tabindex: 0,
    "aria-label": t("timeline.chart"),
    "aria-valuenow": 0,
  });
  #lanes = el("div", { class: "timeline-lanes" });
  #cursor = el("div", { class: "timeline-cursor", hidden: true });
  #stretch = el("div", { class: "timeline-stretch", hidden: true });
  #readout = el("div", { class: "timeline-readout no-print" });

  /**
   * @param {HTMLElement} host an empty element; it is filled
   * @param {{zoom?: boolean, load?: Loader|null}} [options] `load` gives finer points of what is zoomed into
   */
  constructor(host, { zoom = true, load = null } = {}) {
    super();
    this.#host = host;
    this.#zoom = zoom;
    this.#view = new View(load, () => this.#draw());
    this.#view.addEventListener("change", () => this.dispatchEvent(new Event("view")));
    this.#chart.append(this.#lanes, this.#cursor, this.#stretch);
    this.#listen();
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
   * Show a session. What is in view and the chosen moment stay where they are of the same one, that has grown.
   * @param {TimelineAnswer} timeline
   * @param {number} lengthMs of the session
   * @param {number} [startMs] where it begins, below 0 on a clock of several sessions
   */
  show(timeline, lengthMs, startMs = 0) {
    this.#view.fill(timeline, { from: startMs, until: Math.max(startMs + lengthMs, startMs + 1000) });
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
    this.#draw();
    this.dispatchEvent(new Event("moment"));
  }

  #resized() {
    if (this.#timeline && Math.round(this.#host.clientWidth) !== this.#width) this.#draw();
  }

  /** The lanes that are shown: those seen longest where there are many. */
  get #people() {
    const people = this.#timeline?.people ?? [];
    if (this.#all || people.length <= MOST_LANES) return people;
    const seen = people.map((series) => ({
      series,
      seconds: series.points.reduce((sum, one) => sum + one.seconds, 0),
    }));
    const longest = new Set(seen.sort((one, other) => other.seconds - one.seconds).slice(0, MOST_LANES));
    return people.filter((series) => [...longest].some((one) => one.series === series));
  }

  #draw() {
    this.#timeline = this.#view.timeline;
    if (!this.#timeline) return;
    this.#width = Math.round(this.#host.clientWidth);
    const scale = this.#scale;
    const people = this.#people;
    this.#active = Math.min(this.#active, Math.max(0, people.length - 1));
    this.#drawLanes(people, this.#timeline, scale);
    this.#chart.setAttribute("aria-valuemin", String(Math.round(scale.from / 1000)));
    this.#chart.setAttribute("aria-valuemax", String(Math.round(scale.until / 1000)));
    if (!this.#chart.isConnected) this.#build();
    this.#host.querySelector(".timeline-legend")?.replaceChildren(this.#legend(this.#timeline));
    this.#host.querySelector(".timeline-more")?.replaceChildren(...this.#more(this.#timeline.people.length));
    this.#host.querySelector(".timeline-table")?.replaceChildren(timelineTable(this.#timeline, this.#view.span));
    this.#read();
  }

  get #scale() {
    return new Scale(this.#view.span, Math.max(this.#width, SHARP_AT));
  }

  /**
   * @param {Series[]} people
   * @param {TimelineAnswer} timeline
   * @param {Scale} scale
   */
  #drawLanes(people, timeline, scale) {
    const hatch = `url(#${this.#hatch})`;
    const lanes = people.map((series) => lane(series, timeline, scale, hatch));
    const names = markerNames(timeline.markers, scale);
    this.#lanes.replaceChildren(hatchOf(this.#hatch), ...(names ? [names] : []), ...lanes, axis(scale));
  }

  #build() {
    const bar = el("div", { class: "timeline-bar" }, el("div", { class: "timeline-legend" }), this.#buttons());
    const more = el("div", { class: "timeline-more no-print" });
    this.#host.replaceChildren(
      el("div", { class: "timeline" }, bar, this.#readout, this.#chart, more, el("div", { class: "timeline-table" })),
    );
  }

  /** @param {TimelineAnswer} timeline */
  #legend(timeline) {
    const uncertain = timeline.people.some(({ points }) => points.some((point) => point.uncertain));
    const gaps = timeline.gaps.length > 0 || timeline.people.some((series) => (series.gaps ?? []).length > 0);
    return legend({ uncertain, gaps, hatch: `url(#${this.#hatch})` });
  }

  #buttons() {
    if (!this.#zoom) return null;
    /**
     * @param {string} sign
     * @param {string} name
     * @param {number} nearer
     */
    const button = (sign, name, nearer) =>
      el(
        "button",
        { class: "button quiet small", type: "button", title: name, "aria-label": name, on: this.#on(nearer) },
        sign,
      );
    return el(
      "div",
      { class: "row timeline-zoom no-print" },
      button("+", t("timeline.nearer"), 1),
      button("−", t("timeline.farther"), -1),
      button(t("timeline.all"), t("timeline.whole"), 0),
    );
  }

  /** @param {number} nearer */
  #on(nearer) {
    return { click: () => this.#view.zoom(nearer, this.#moment) };
  }

  /** @param {number} count of all people */
  #more(count) {
    if (count <= MOST_LANES) return count ? [] : [el("p", { class: "faint" }, t("timeline.nobody"))];
    const few = number(MOST_LANES);
    const text = this.#all ? t("timeline.fewer", { count: few }) : t("timeline.everybody", { count: number(count) });
    const toggle = () => {
      this.#all = !this.#all;
      this.#draw();
    };
    return [el("button", { class: "button quiet small", type: "button", on: { click: toggle } }, text)];
  }

  #listen() {
    followPointer(this.#chart, {
      hover: (part, y) => this.#hovered(part, y),
      leave: () => this.#hovered(null, 0),
      choose: (part, y) => {
        this.#active = this.#laneAt(y);
        this.choose(this.#stepAt(this.#scale.at(part)));
      },
      mark: (from, until) => this.#mark(from, until),
      stretch: (from, until) => this.#zoom && this.#view.set(this.#scale.at(from), this.#scale.at(until)),
    });
    followKeys(this.#chart, {
      step: (steps) => this.#stepBy(steps),
      jump: (to) => this.choose(to === "first" ? this.#view.span.from : this.#stepAt(this.#view.span.until - 1)),
      lane: (lanes) => {
        this.#active = Math.min(Math.max(0, this.#active + lanes), Math.max(0, this.#people.length - 1));
        this.#read();
      },
      zoom: (nearer) => this.#zoom && this.#view.zoom(nearer, this.#moment),
    });
    this.#chart.addEventListener("focus", () => {
      if (this.#moment === null) this.#stepBy(0);
    });
  }

  /**
   * The beginning of the step that holds a moment.
   * @param {number} ms
   */
  #stepAt(ms) {
    const step = this.#stepMs;
    return Math.floor(ms / step) * step;
  }

  get #stepMs() {
    return (this.#timeline?.step_seconds ?? 1) * 1000;
  }

  /** @param {number} steps */
  #stepBy(steps) {
    const { from, until } = this.#view.all;
    const now = this.#moment ?? this.#stepAt(this.#view.span.from);
    const last = this.#stepAt(until - 1);
    this.choose(Math.min(Math.max(this.#stepAt(now) + steps * this.#stepMs, this.#stepAt(from)), last));
  }

  /**
   * @param {number|null} part of the width
   * @param {number} y on the screen
   */
  #hovered(part, y) {
    this.#hover = part === null ? null : this.#stepAt(this.#scale.at(part));
    if (part !== null) this.#active = this.#laneAt(y);
    this.#read();
  }

  /** @param {number} y on the screen */
  #laneAt(y) {
    const boxes = [...this.#lanes.querySelectorAll(".lane")].map((node) => node.getBoundingClientRect());
    const found = boxes.findIndex(({ bottom }) => y <= bottom);
    return found < 0 ? Math.max(0, boxes.length - 1) : found;
  }

  /**
   * @param {number} from
   * @param {number} until
   */
  #mark(from, until) {
    this.#stretch.hidden = from === until || !this.#zoom;
    this.#stretch.style.setProperty("--from", String(from));
    this.#stretch.style.setProperty("--until", String(until));
  }

  /** Show what there is to read at the moment that is hovered over, or at the chosen one. */
  #read() {
    const at = this.#hover ?? this.#moment;
    const people = this.#people.map((series) => ({
      series,
      point: at === null ? null : pointAt(series, at, this.#stepMs),
    }));
    const scale = this.#scale;
    this.#cursor.hidden = at === null || !scale.meets(at, at + this.#stepMs);
    if (at === null) return this.#readout.replaceChildren(el("p", { class: "faint" }, this.#hint));
    this.#cursor.style.setProperty("--at", String(scale.part(Math.min(at + this.#stepMs / 2, scale.until))));
    showReadout(this.#readout, at, people, this.#active);
    const { series, point } = people[this.#active] ?? {};
    this.#chart.setAttribute("aria-valuenow", String(Math.round(at / 1000)));
    if (series) this.#chart.setAttribute("aria-valuetext", spokenOf(at, series, point ?? null));
    for (const [index, node] of this.#lanes.querySelectorAll(".lane").entries()) {
      node.classList.toggle("active", index === this.#active);
    }
  }

  get #hint() {
    return t(this.#zoom ? "timeline.hint" : "timeline.hint_still");
  }
}

/**
 * The pattern of gaps.
 * @param {string} id
 */
function hatchOf(id) {
  const line = svg("path", { d: "M-1 9 9 -1M-1 1 1 -1M7 9 9 7", class: "hatch-line" });
  const pattern = svg("pattern", { id, width: 8, height: 8, patternUnits: "userSpaceOnUse" }, line);
  return picture("hatch", LANE_HEIGHT, LANE_HEIGHT, svg("defs", {}, pattern));
}
