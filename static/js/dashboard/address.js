// The choice of what the dashboard shows. It lives in the address: to link to, to reload, to go back to.
import { isEmotion } from "../core/emotions.js";
import { session } from "../core/session.js";
import { problemOf } from "./period.js";

/**
 * @import { Choice } from "./figures.js"
 * @typedef {Required<Choice> & {show: string, rows: string}} FullChoice `show`: "shares" or nothing; `rows`: the cursor
 *   of a page of rows, "1" the first, nothing where only the newest are shown
 */

const PLAIN = /** @type {FullChoice} */ ({
  period: "7d",
  from: "",
  to: "",
  emotion: "",
  who: "all",
  user: "",
  session: "",
  version: "",
  source: "",
  bucket: "",
  show: "",
  rows: "",
});
const NAMES = /** @type {(keyof FullChoice)[]} */ (Object.keys(PLAIN));
/** What narrows the readings; a page of rows is of one such choice. */
const NARROWING = /** @type {(keyof FullChoice)[]} */ (
  NAMES.filter((name) => !["bucket", "show", "rows"].includes(name))
);

/** @returns {FullChoice} */
export function chosen() {
  const asked = { ...PLAIN, ...Object.fromEntries(new URLSearchParams(location.search)) };
  const choice = /** @type {FullChoice} */ (Object.fromEntries(NAMES.map((name) => [name, asked[name]])));
  if (!isEmotion(choice.emotion)) choice.emotion = "";
  if (!session.user) choice.who = "all";
  if (choice.session && !new URLSearchParams(location.search).has("period")) choice.period = "session";
  return choice;
}

/**
 * The address of a choice that is changed in part.
 * @param {Partial<FullChoice>} part
 */
export function addressOf(part) {
  const next = { ...chosen(), ...part };
  if (NARROWING.some((name) => name in part) && !("rows" in part)) next.rows = next.rows && "1";
  if (next.period !== "own" && next.period !== "range") Object.assign(next, { from: "", to: "" });
  if (next.period === "session" && next.session) next.period = "";
  const plain = next.session ? { ...PLAIN, period: "" } : PLAIN;
  const kept = NAMES.filter((name) => next[name] && next[name] !== plain[name]);
  const query = new URLSearchParams(kept.map((name) => [name, next[name]]));
  return query.size ? `?${query}` : location.pathname;
}

/** Whether anything is filtered at all. */
export function isNarrowed() {
  const choice = chosen();
  return NARROWING.some((name) => choice[name] !== PLAIN[name]);
}

/** What taking all filters away sets. */
export function unfiltered() {
  return /** @type {Partial<FullChoice>} */ (Object.fromEntries(NARROWING.map((name) => [name, PLAIN[name]])));
}

/** Whether new readings may belong to what is chosen: the period goes on. */
export function goesOn() {
  const { period, to } = chosen();
  if (problemOf(chosen())) return false;
  if (period === "range") return Date.parse(to) > Date.now();
  if (period !== "own") return true;
  const end = new Date(`${to}T00:00`);
  end.setDate(end.getDate() + 1);
  return end.getTime() > Date.now();
}

/** Whether what a `stats` event counts is what is shown: everybody's, whichever version and source. */
export function isOfAll() {
  const { who, user, session: of, version, source } = chosen();
  return who !== "me" && !user && !of && !version && !source;
}
