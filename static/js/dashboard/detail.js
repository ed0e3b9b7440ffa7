// One expression in detail.
import { el } from "../core/dom.js";
import { emotionTag, NOTHING, percentOrNothing } from "../core/tables.js";
import { number, percent, t } from "../core/texts.js";
import { patchChildren } from "./patch.js";
import { timeAgo } from "./ticking.js";

/** @import { OfEmotion } from "./figures.js" */

/**
 * @param {HTMLElement} place
 * @param {OfEmotion} detail
 * @param {number} total seconds of all expressions
 */
export function showDetail(place, { name, count, average_confidence: average, last_prediction: last }, total) {
  const tag = emotionTag(name);
  tag.classList.add("detail-name");
  patchChildren(
    place,
    tag,
    el(
      "dl",
      {},
      figure(t("detail.share"), total ? percent(count / total) : NOTHING),
      figure(t("detail.count"), number(count)),
      figure(t("detail.confidence"), percentOrNothing(average)),
      figure(t("detail.last"), last ? timeAgo(last) : NOTHING),
    ),
  );
}

/**
 * @param {string} name
 * @param {Node|string} value
 */
function figure(name, value) {
  return el("div", { class: "figure" }, el("dt", {}, name), el("dd", {}, value));
}
