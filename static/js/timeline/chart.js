// The lanes of a timeline on one clock, and the moment or stretch that is brought out over all of them.
import { el } from "../core/dom.js";
import { t } from "../core/texts.js";
import { Fills } from "./fills.js";
import { axis, lane, markerNames } from "./lane.js";
import { Scale } from "./scale.js";

/** @import { Series, Span, TimelineAnswer } from "./types.js" */

const LEAST_WIDTH = 280;

export class Chart {
  scale = new Scale({ from: 0, until: 1000 }, LEAST_WIDTH);
  fills = new Fills();
  #lanes = el("div", { class: "timeline-lanes" });
  #cursor = el("div", { class: "timeline-cursor", hidden: true });
  #stretch = el("div", { class: "timeline-stretch", hidden: true });

  constructor() {
    const named = { role: "slider", tabindex: 0, "aria-label": t("timeline.chart"), "aria-valuenow": 0 };
    this.element = el("div", { class: "timeline-chart", ...named }, this.#lanes, this.#cursor, this.#stretch);
  }

  /**
   * @param {Series[]} people whose lanes are shown
   * @param {TimelineAnswer} timeline of which they are
   * @param {Span} span what is in view
   * @param {number} width pixels
   */
  draw(people, timeline, span, width) {
    this.scale = new Scale(span, Math.max(width, LEAST_WIDTH));
    const lanes = people.map((series) => lane(series, timeline, this.scale, this.fills));
    const names = markerNames(timeline.markers, this.scale);
    this.#lanes.replaceChildren(this.fills.definitions, ...(names ? [names] : []), ...lanes, axis(this.scale));
    this.element.setAttribute("aria-valuemin", String(Math.floor(span.from / 1000)));
    this.element.setAttribute("aria-valuemax", String(Math.ceil(span.until / 1000)));
  }

  /**
   * The lane at a height of the window.
   * @param {number} y
   */
  laneAt(y) {
    const boxes = [...this.#lanes.querySelectorAll(".lane")].map((node) => node.getBoundingClientRect());
    const found = boxes.findIndex(({ bottom }) => y <= bottom);
    return found < 0 ? Math.max(0, boxes.length - 1) : found;
  }

  /**
   * Bring out a moment, by the middle of its step; null brings out none.
   * @param {number|null} at
   */
  point(at) {
    this.#cursor.hidden = at === null || !this.scale.meets(at, at + 1);
    if (at !== null) this.#cursor.style.setProperty("--at", String(this.scale.part(at)));
  }

  /**
   * Say a moment to who cannot see it.
   * @param {number} at
   * @param {string} text
   */
  say(at, text) {
    this.element.setAttribute("aria-valuenow", String(Math.round(at / 1000)));
    this.element.setAttribute("aria-valuetext", text);
  }

  /** @param {number} index of the lane that is read */
  activate(index) {
    const lanes = this.#lanes.querySelectorAll(".lane");
    for (const [number, node] of lanes.entries()) node.classList.toggle("active", number === index);
  }

  /**
   * Bring out a stretch, by parts of the width; equal ones bring out none.
   * @param {number} from
   * @param {number} until
   */
  mark(from, until) {
    this.#stretch.hidden = from === until;
    this.#stretch.style.setProperty("--from", String(from));
    this.#stretch.style.setProperty("--until", String(until));
  }
}
