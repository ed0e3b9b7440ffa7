// A bar for each of the seven scores, updated in place so that it can move with a stream.
import { el } from "./dom.js";
import { BY_VALENCE, best } from "./emotions.js";
import { emotionTag, percentOrNothing } from "./tables.js";

/** @import { Emotion, Scores } from "./emotions.js" */

/**
 * Fill a list with seven bars, from pleasant to unpleasant.
 * @param {HTMLElement} list
 * @returns {(scores: Scores|null) => void} shows scores; null empties the bars
 */
export function scoreBars(list) {
  const bars = BY_VALENCE.map((name) => ({ name, ...scoreBar(name) }));
  list.replaceChildren(...bars.map(({ row }) => row));
  return (scores) => {
    const top = scores && best(scores);
    for (const { name, row, set } of bars) {
      row.classList.toggle("best", name === top);
      set(scores?.[name] ?? null);
    }
  };
}

/**
 * The bar of one expression.
 * @param {Emotion} name
 * @returns {{row: HTMLLIElement, set: (share: number|null) => void}} `set` takes a share of 0 to 1
 */
export function scoreBar(name) {
  const value = el("span", { class: "value" });
  const fill = el("div", { class: "fill" });
  const row = el("li", { data: { emotion: name } }, emotionTag(name), el("div", { class: "track" }, fill), value);
  /** @param {number|null} share */
  const set = (share) => {
    fill.style.setProperty("--share", String(share ?? 0));
    value.textContent = percentOrNothing(share);
  };
  set(null);
  return { row, set };
}
