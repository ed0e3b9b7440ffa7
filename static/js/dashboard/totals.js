// The three totals that the dashboard and the report begin with.
import { byId } from "../core/dom.js";
import { emotionTag, NOTHING, percentOrNothing } from "../core/tables.js";
import { number } from "../core/texts.js";

/** @import { Stats } from "./figures.js" */

/** @param {Stats} stats */
export function showTotals({ total_predictions: total, most_common_emotion: common, average_confidence: average }) {
  byId("total").textContent = number(total);
  byId("common").replaceChildren(common ? emotionTag(common.name) : NOTHING);
  byId("average").textContent = percentOrNothing(average);
}
