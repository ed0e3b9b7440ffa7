// What the colours, patterns and signs of a timeline mean.
import { el } from "../core/dom.js";
import { BY_VALENCE } from "../core/emotions.js";
import { picture, svg } from "../core/svg.js";
import { emotionName, t } from "../core/texts.js";

/** @import { Fills } from "./fills.js" */

const [WIDTH, HEIGHT] = [18, 12];

/**
 * @param {{uncertain: boolean, gaps: boolean, fills: Fills}} signs which of them there are
 */
export function legend({ uncertain, gaps, fills }) {
  const emotions = BY_VALENCE.map((name) => sign(emotionName(name), box(fills.of(name))));
  const signs = [
    uncertain ? sign(t("timeline.uncertain"), svg("path", { class: "doubt", d: "M0 6H18" })) : null,
    gaps ? sign(t("timeline.gap"), box(fills.gap)) : null,
  ];
  return el("ul", { class: "legend" }, ...emotions, ...signs);
}

/** @param {string} fill */
function box(fill) {
  return svg("rect", { width: WIDTH, height: HEIGHT, fill });
}

/**
 * @param {string} text
 * @param {SVGElement} drawn
 */
function sign(text, drawn) {
  return el("li", { class: "sign" }, picture("sign-picture", WIDTH, HEIGHT, drawn), text);
}
