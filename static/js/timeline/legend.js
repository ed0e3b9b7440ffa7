// What the colours and signs of a timeline mean.
import { el } from "../core/dom.js";
import { emotionTag } from "../core/tables.js";
import { t } from "../core/texts.js";
import { picture, svg } from "./svg.js";
import { BY_VALENCE } from "./valence.js";

/**
 * @param {{uncertain: boolean, gaps: boolean, hatch: string}} signs which there are; `hatch` is the pattern of gaps
 */
export function legend({ uncertain, gaps, hatch }) {
  const signs = [
    uncertain ? sign(t("timeline.uncertain"), svg("path", { class: "doubt", d: "M0 6H18" })) : null,
    gaps ? sign(t("timeline.gap"), svg("rect", { width: 18, height: 12, fill: hatch })) : null,
  ];
  return el("ul", { class: "legend" }, ...BY_VALENCE.map((name) => el("li", {}, emotionTag(name))), ...signs);
}

/**
 * @param {string} text
 * @param {SVGElement} drawn
 */
function sign(text, drawn) {
  return el("li", { class: "sign" }, picture("sign-picture", 18, 12, drawn), text);
}
