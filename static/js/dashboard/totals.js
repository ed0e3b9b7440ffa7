// The totals that the dashboard and the report begin with, and how they differ from those of the period before.
import { byId, el } from "../core/dom.js";
import { emotionTag, NOTHING, percentOrNothing } from "../core/tables.js";
import { emotionName, t } from "../core/texts.js";
import { amount, change, points } from "./amounts.js";
import { mostCommon, ofEmotion } from "./figures.js";
import { patchChildren } from "./patch.js";

/**
 * @import { Emotion } from "../core/emotions.js"
 * @import { Stats } from "./figures.js"
 */

/** @param {Stats} stats */
export function showTotals({ total_predictions: total, most_common_emotion: common, average_confidence: average }) {
  patchChildren(byId("total"), amount(total));
  patchChildren(byId("common"), common ? emotionTag(common.name) : NOTHING);
  patchChildren(byId("average"), percentOrNothing(average));
}

/**
 * The totals of all expressions, or of the one that is chosen: its seconds, its share of all, its confidence.
 * @param {Stats} whole of all expressions
 * @param {Stats|null} before the same of the period before
 * @param {Emotion|""} only
 */
export function showCompared(whole, before, only) {
  const now = sizesOf(whole, only);
  const then = before && sizesOf(before, only);
  patchChildren(byId("total"), amount(now.count));
  byId("total-change").textContent = then?.count ? t("change.before", { change: change(now.count, then.count) }) : "";
  showCommon(whole, before, only);
  patchChildren(byId("average"), percentOrNothing(now.average));
  byId("average-change").textContent = pointsText(now.average, then?.average ?? null);
  patchChildren(byId("uncertain"), percentOrNothing(whole.uncertain_share));
  byId("uncertain-change").textContent = whole.uncertain_share === null && now.count ? t("uncertain.unknown") : "";
}

/**
 * @param {Stats} stats
 * @param {Emotion|""} only
 */
function sizesOf(stats, only) {
  if (!only) return { count: stats.total_predictions, average: stats.average_confidence };
  const { count, average_confidence: average } = ofEmotion(stats, only);
  return { count, average };
}

/**
 * The expression seen most often; where one is chosen, its share of all, which says more than its own name.
 * @param {Stats} whole
 * @param {Stats|null} before
 * @param {Emotion|""} only
 */
function showCommon(whole, before, only) {
  byId("common-name").textContent = only ? t("tile.share_of", { name: emotionName(only) }) : t("tile.common");
  const name = only || mostCommon(whole.predictions_by_emotion);
  const now = name ? shareOf(whole, name) : null;
  const share = percentOrNothing(now);
  const shown = only ? share : name ? emotionTag(name) : NOTHING;
  patchChildren(byId("common"), shown);
  const then = name && before ? shareOf(before, name) : null;
  const moved = pointsText(now, then);
  byId("common-change").textContent = only ? moved : [name ? share : "", moved].filter(Boolean).join(" · ");
}

/**
 * @param {Stats} stats
 * @param {Emotion} name
 */
function shareOf({ total_predictions: total, predictions_by_emotion: by }, name) {
  return total ? by[name] / total : null;
}

/**
 * @param {number|null} now
 * @param {number|null} then
 */
function pointsText(now, then) {
  return now === null || then === null ? "" : t("change.points", { points: points(now, then) });
}

/**
 * Which period the differences are to.
 * @param {string} text empty where there is none
 */
export function showComparedWith(text) {
  const place = byId("compared");
  place.hidden = !text;
  patchChildren(place, text ? el("span", {}, text) : "");
}
