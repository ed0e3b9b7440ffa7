// Which sessions are listed: what the filters say, kept in the address.
import { byId } from "../core/dom.js";

/** @import { Query } from "../core/http.js" */

const NAMES = /** @type {const} */ (["q", "participant", "user", "since", "until"]);
const DAY = /^\d{4}-\d{2}-\d{2}$/;

/** @typedef {Record<typeof NAMES[number]|"cursor", string>} Choice `since` and `until` are days of the viewer */

/** @param {string} name */
function field(name) {
  return byId(`filter-${name}`, HTMLInputElement);
}

/** @returns {Choice} what the address says */
export function choiceOfAddress() {
  const asked = new URLSearchParams(location.search);
  const choice = Object.fromEntries([...NAMES, "cursor"].map((name) => [name, asked.get(name) ?? ""]));
  for (const name of ["since", "until"]) if (!DAY.test(choice[name])) choice[name] = "";
  return /** @type {Choice} */ (choice);
}

/** @returns {Choice} what the fields say, from the first page on */
export function choiceOfFields() {
  const choice = Object.fromEntries(NAMES.map((name) => [name, field(name).value.trim()]));
  return /** @type {Choice} */ ({ ...choice, cursor: "" });
}

/** @param {Choice} choice */
export function showInFields(choice) {
  for (const name of NAMES) field(name).value = choice[name];
}

/** @param {Choice} choice */
export function isFiltered(choice) {
  return NAMES.some((name) => choice[name] !== "");
}

/**
 * The address of a choice.
 * @param {Choice} choice
 */
export function addressOfChoice(choice) {
  const said = Object.entries(choice).filter(([, value]) => value !== "");
  return said.length ? `?${new URLSearchParams(said)}` : location.pathname;
}

/**
 * What the API is asked. The last day counts to its end, in the viewer's own time.
 * @param {Choice} choice
 * @returns {Query}
 */
export function queryOfChoice({ since, until, ...others }) {
  return { ...others, since: since && startOf(since, 0), until: until && startOf(until, 1) };
}

/**
 * The instant at which a day begins here.
 * @param {string} day
 * @param {number} later days
 */
function startOf(day, later) {
  const [year, month, date] = day.split("-").map(Number);
  return new Date(year, month - 1, date + later).toISOString();
}
