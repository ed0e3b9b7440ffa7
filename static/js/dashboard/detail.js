// One expression in detail.
import { el } from "../core/dom.js";
import { NOTHING, percentOrNothing } from "../core/tables.js";
import { ago, dateTime, number, percent, t } from "../core/texts.js";

/** @import { Detail } from "./figures.js" */

/**
 * @param {HTMLElement} place
 * @param {Detail} detail
 */
export function showDetail(place, { emotion, statistics }) {
  const { last_prediction: last } = statistics;
  place.replaceChildren(
    el("p", { class: "detail-name emotion", data: { emotion: emotion.name } }, emotion.description),
    el(
      "dl",
      {},
      figure(t("detail.share"), percent(statistics.percentage / 100)),
      figure(t("detail.count"), number(statistics.total_predictions)),
      figure(t("detail.confidence"), percentOrNothing(statistics.average_confidence)),
      figure(t("detail.last"), last ? ago(last) : NOTHING, last ? dateTime(last) : null),
    ),
  );
}

/**
 * @param {string} name
 * @param {string} value
 * @param {string|null} [title]
 */
function figure(name, value, title = null) {
  return el("div", { class: "figure" }, el("dt", {}, name), el("dd", { title }, value));
}
