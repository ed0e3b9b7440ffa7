// Tables and the pieces that stand in them.
import { el } from "./dom.js";
import { emotionName, percent } from "./texts.js";

/**
 * @import { Child } from "./dom.js"
 * @import { Emotion } from "./emotions.js"
 */

/** @typedef {{text: string, kind?: "number"|"wide-only"}} Head `wide-only`: left out on phones */

/** What stands where there is nothing to show. */
export const NOTHING = "–";

/**
 * Fill a table anew.
 * @param {HTMLElement} table
 * @param {Head[]} heads
 * @param {HTMLTableRowElement[]} rows
 * @param {string} [caption] for who does not see what stands above it
 */
export function fillTable(table, heads, rows, caption) {
  const head = heads.map(({ text, kind }) => el("th", { scope: "col", class: kind }, text));
  const parts = [el("thead", {}, el("tr", {}, ...head)), el("tbody", {}, ...rows)];
  table.replaceChildren(...(caption ? [el("caption", { class: "visually-hidden" }, caption)] : []), ...parts);
}

/**
 * A column of numbers.
 * @param {string} text
 * @returns {Head}
 */
export function numbers(text) {
  return { text, kind: "number" };
}

/** @param {Child} child */
export function rowHead(child) {
  return el("th", { scope: "row" }, child);
}

/** @param {Child} child */
export function numberCell(child) {
  return el("td", { class: "number" }, child);
}

/** @param {Emotion} name */
export function emotionTag(name) {
  return el("span", { class: "emotion", data: { emotion: name } }, emotionName(name));
}

/**
 * A share in percent, or the sign for nothing.
 * @param {number|null} share 0 to 1
 */
export function percentOrNothing(share) {
  return share === null ? NOTHING : percent(share);
}

/**
 * A button that does something with what a row shows.
 * @param {string} words
 * @param {string} of the name of what the row shows, for who does not see the row
 * @param {() => void} act
 */
export function rowButton(words, of, act) {
  const attributes = { type: "button", class: "button quiet small", "aria-label": `${words}: ${of}` };
  return el("button", { ...attributes, on: { click: act } }, words);
}
