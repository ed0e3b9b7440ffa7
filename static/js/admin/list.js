// Lists that are narrowed by fields and go by pages, both kept in the address.
import { byId } from "../core/dom.js";
import { attempt, hideFailure, showFailure } from "../core/failures.js";
import { afterPause } from "../core/time.js";

/** @import { Query } from "../core/http.js" */

const PAGE = 50;
const older = byId("older", HTMLButtonElement);
const newer = byId("newer", HTMLButtonElement);
const newest = byId("newest", HTMLButtonElement);

/** @typedef {{count: number, next_cursor: string|null}} Page */

/**
 * @param {string[]} names of the filters: fields `filter-NAME`; `since` and `until` are days of the viewer
 * @param {(count: number) => string} placeText says how many are shown
 * @param {(query: Query) => Promise<Page>} fill fetches a page and shows it
 * @returns {{start: () => Promise<void>, show: () => Promise<void>}} `start` raises ApiError, `show` tells it
 */
export function startList(names, placeText, fill) {
  let next = /** @type {string|null} */ (null);
  let asked = 0;
  const field = (/** @type {string} */ name) =>
    /** @type {HTMLInputElement|HTMLSelectElement} */ (byId(`filter-${name}`));
  const said = () => new URLSearchParams(location.search);

  const load = async () => {
    const mine = ++asked;
    const page = await fill({ ...queryOf(said(), names), limit: PAGE });
    if (mine !== asked) return;
    hideFailure();
    next = page.next_cursor;
    byId("place").textContent = placeText(page.count);
    older.disabled = next === null;
    newer.disabled = newest.disabled = !said().has("cursor");
  };
  const show = () => attempt(load, (error) => showFailure(error.fields[0]?.[1] ?? error.message));
  const fillFields = () => {
    for (const name of names) field(name).value = said().get(name) ?? "";
  };
  const narrow = () => {
    const chosen = names.map((name) => [name, field(name).value.trim()]).filter(([, value]) => value !== "");
    history.replaceState(null, "", chosen.length ? `?${new URLSearchParams(chosen)}` : location.pathname);
    show();
  };
  /** @param {string|null} cursor */
  const go = (cursor) => {
    const query = said();
    query.delete("cursor");
    if (cursor) query.set("cursor", cursor);
    history.pushState(null, "", query.size ? `?${query}` : location.pathname);
    show();
  };

  byId("filters").addEventListener("submit", (event) => event.preventDefault());
  byId("filters").addEventListener("input", afterPause(narrow, 300));
  older.addEventListener("click", () => go(next));
  newer.addEventListener("click", () => history.back());
  newest.addEventListener("click", () => go(null));
  addEventListener("popstate", () => {
    fillFields();
    show();
  });
  fillFields();
  return { start: load, show };
}

/**
 * What the API is asked. The last day counts to its end, in the viewer's own time.
 * @param {URLSearchParams} said
 * @param {string[]} names
 * @returns {Query}
 */
function queryOf(said, names) {
  const query = Object.fromEntries([...names, "cursor"].map((name) => [name, said.get(name)]));
  return { ...query, ...(query.since && { since: dayOf(query.since, 0) }), ...(query.until && untilOf(query.until)) };
}

/** @param {string} day */
function untilOf(day) {
  return { until: dayOf(day, 1) };
}

/**
 * The instant at which a day begins here, or what was said where it is no day, for the API to refuse.
 * @param {string} day
 * @param {number} later days
 */
function dayOf(day, later) {
  const [year, month, date] = day.split("-").map(Number);
  const moment = new Date(year, month - 1, date + later);
  return Number.isNaN(moment.getTime()) ? day : moment.toISOString();
}
