// The rows behind the figures: the newest ones, or all of what is filtered, page by page.
import { byId } from "../core/dom.js";
import { number, t } from "../core/texts.js";
import { readingsTable } from "./figure-tables.js";
import { recent } from "./figures.js";

/**
 * @import { FullChoice } from "./address.js"
 * @import { Filters } from "./filters.js"
 * @import { ReadingsPage } from "./figures.js"
 */

const NEWEST = 10;
const PAGE = 25;
const FIRST = "1";
const toggle = byId("rows-toggle", HTMLButtonElement);
const newer = byId("rows-newer", HTMLButtonElement);
const older = byId("rows-older", HTMLButtonElement);
let next = /** @type {string|null} */ (null);

/**
 * @param {FullChoice} choice
 * @returns {Promise<ReadingsPage>}
 */
export function readRows(choice) {
  return choice.rows ? recent(choice, PAGE, choice.rows === FIRST ? "" : choice.rows) : recent(choice, NEWEST);
}

/**
 * @param {FullChoice} choice
 * @param {ReadingsPage} page
 */
export function showRows({ rows }, page) {
  next = page.next_cursor;
  const paged = rows !== "";
  readingsTable(byId("latest"), page.predictions, { exact: paged, versions: paged });
  byId("latest-title").textContent = t(paged ? "rows.all" : "rows.latest");
  toggle.textContent = t(paged ? "rows.hide" : "rows.show");
  toggle.setAttribute("aria-expanded", String(paged));
  byId("rows-pager").hidden = !paged;
  newer.disabled = rows === FIRST;
  older.disabled = next === null;
  byId("rows-place").textContent = t("rows.page", { number: number(pageNumber(rows)) });
}

/**
 * The pages are counted with the entries of the history: a cursor says nothing of those before it.
 * @param {string} rows
 */
function pageNumber(rows) {
  return rows === FIRST ? 1 : (history.state?.page ?? 1);
}

/**
 * Make the buttons work.
 * @param {Filters} filters
 */
export function startRows(filters) {
  toggle.addEventListener("click", () => filters.set({ rows: filters.choice.rows ? "" : FIRST }));
  older.addEventListener("click", () => {
    const page = pageNumber(filters.choice.rows) + 1;
    if (next) filters.set({ rows: next }, { page });
  });
  newer.addEventListener("click", () => {
    if (history.state?.page > 1) history.back();
    else filters.set({ rows: FIRST });
  });
}
