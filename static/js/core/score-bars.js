// A bar for each of the seven scores, updated in place so that it can move with a stream.
import { el } from "./dom.js";
import { best, EMOTIONS } from "./emotions.js";
import { emotionName, percent } from "./texts.js";

/**
 * Fill a list with seven bars.
 * @param {HTMLElement} list
 * @returns {(scores: Record<string, number>|null) => void} shows scores; null empties the bars
 */
export function scoreBars(list) {
  const rows = EMOTIONS.map((name) => {
    const value = el("span", { class: "value" }, "–");
    const fill = el("div", { class: "fill" });
    const row = el("li", { data: { emotion: name } }, el("span", { class: "emotion" }, emotionName(name)), el("div", { class: "track" }, fill), value);
    return { name, row, fill, value };
  });
  list.replaceChildren(...rows.map(({ row }) => row));
  return (scores) => {
    const top = scores && best(scores);
    for (const { name, row, fill, value } of rows) {
      row.classList.toggle("best", name === top);
      fill.style.setProperty("--share", String(scores?.[name] ?? 0));
      value.textContent = scores ? percent(scores[name]) : "–";
    }
  };
}
