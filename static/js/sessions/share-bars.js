// Shares by expression as bars, in the order of valence.
import { el } from "../core/dom.js";
import { BY_VALENCE } from "../core/emotions.js";
import { scoreBar } from "../core/score-bars.js";

/** @import { Shares } from "./types.js" */

/** @param {Shares} shares */
export function shareBars(shares) {
  const bars = BY_VALENCE.map((name) => {
    const { row, set } = scoreBar(name);
    set(shares[name]);
    return row;
  });
  return el("ul", { class: "bars" }, ...bars);
}
