// What stands around the lanes of a timeline: legend, zoom, readout, the rest of the people, the table.
import { el } from "../core/dom.js";
import { number, t } from "../core/texts.js";
import { legend } from "./legend.js";
import { timelineTable } from "./table.js";

/** @import { Fills } from "./fills.js" */
/** @import { Span, TimelineAnswer } from "./types.js" */

export const MOST_LANES = 8;

export class Surround {
  readout = el("div", { class: "timeline-readout no-print" });
  #legend = el("div", { class: "timeline-legend" });
  #more = el("div", { class: "timeline-more no-print" });
  #table = el("div", { class: "timeline-table" });

  /**
   * @param {HTMLElement} chart
   * @param {((nearer: number) => void)|null} zoom what the buttons do: 1 nearer, -1 farther, 0 all; null for none
   * @param {() => void} toggle what shows all people, or few again
   */
  constructor(chart, zoom, toggle) {
    this.toggle = toggle;
    const bar = el("div", { class: "timeline-bar" }, this.#legend, zoom && zoomButtons(zoom));
    this.element = el("div", { class: "timeline" }, bar, this.readout, chart, this.#more, this.#table);
  }

  /**
   * @param {TimelineAnswer} timeline
   * @param {Span} view
   * @param {{fills: Fills, all: boolean}} shown the patterns, and whether all people are shown
   */
  fill(timeline, view, { fills, all }) {
    const uncertain = timeline.people.some(({ points }) => points.some((point) => point.uncertain));
    const gaps = timeline.gaps.length > 0 || timeline.people.some((series) => (series.gaps ?? []).length > 0);
    this.#legend.replaceChildren(legend({ uncertain, gaps, fills }));
    this.#more.replaceChildren(...this.#rest(timeline.people.length, all));
    const open = this.#table.querySelector("details")?.open ?? false;
    this.#table.replaceChildren(timelineTable(timeline, view, open));
  }

  /**
   * @param {number} count of all people
   * @param {boolean} all whether they are shown
   */
  #rest(count, all) {
    if (count === 0) return [el("p", { class: "faint" }, t("timeline.nobody"))];
    if (count <= MOST_LANES) return [];
    const text = all
      ? t("timeline.fewer", { count: number(MOST_LANES) })
      : t("timeline.everybody", { count: number(count) });
    return [el("button", { class: "button quiet small", type: "button", on: { click: this.toggle } }, text)];
  }
}

/** @param {(nearer: number) => void} zoom */
function zoomButtons(zoom) {
  /**
   * @param {string} sign
   * @param {string} title
   * @param {number} nearer
   */
  const button = (sign, title, nearer) =>
    el(
      "button",
      { class: "button quiet small", type: "button", title, "aria-label": title, on: { click: () => zoom(nearer) } },
      sign,
    );
  return el(
    "div",
    { class: "row timeline-zoom no-print" },
    button("+", t("timeline.nearer"), 1),
    button("−", t("timeline.farther"), -1),
    button("↔", t("timeline.whole"), 0),
  );
}
