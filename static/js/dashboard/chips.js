// What is filtered, as buttons that take one filter away each.
import { el } from "../core/dom.js";
import { dateTime, emotionName, t } from "../core/texts.js";
import { patchChildren } from "./patch.js";
import { localDay, periodOf } from "./period.js";

/**
 * @import { Choice } from "./figures.js"
 * @typedef {{key: string, text: string, without: Partial<Choice>}} Chip `without` is what taking it away sets
 */

/**
 * @param {Choice} choice
 * @param {string} session how the session that is chosen is called
 * @returns {Chip[]}
 */
export function chipsOf(choice, session) {
  /** @type {[unknown, string, () => string, Partial<Choice>][]} */
  const all = [
    [choice.session, "session", () => t("chip.session", { name: session }), { session: "", period: "" }],
    [isOwn(choice), "period", () => rangeText(choice), { period: choice.session ? "session" : "" }],
    [choice.emotion, "emotion", () => (choice.emotion ? emotionName(choice.emotion) : ""), { emotion: "" }],
    [choice.user, "user", () => t("chip.user", { name: choice.user ?? "" }), { user: "" }],
    [!choice.user && choice.who === "me", "who", () => t("chip.mine"), { who: "all" }],
    [choice.source, "source", () => t(`source.${choice.source}`), { source: "" }],
    [choice.version, "version", () => t("chip.version", { name: choice.version ?? "" }), { version: "" }],
  ];
  return all.filter(([there]) => there).map(([, key, text, without]) => ({ key, text: text(), without }));
}

/** @param {Choice} choice */
function isOwn({ period }) {
  return period === "own" || period === "range";
}

/**
 * The dates, or the instants, of a period in words.
 * @param {Choice} choice
 */
export function rangeText(choice) {
  const { period, from, to } = choice;
  if (period === "own") {
    const days = [from, to].filter(Boolean).map((date) => dateTime(localDay(date), { dateStyle: "medium" }));
    return [...new Set(days)].join(" – ");
  }
  const { since, until } = periodOf(choice);
  return since && until ? spanText(since, until) : "";
}

/**
 * @param {string} since
 * @param {string} until
 */
export function spanText(since, until) {
  const sameDay = new Date(since).toDateString() === new Date(until).toDateString();
  return `${dateTime(since)} – ${sameDay ? dateTime(until, { timeStyle: "short" }) : dateTime(until)}`;
}

/**
 * @param {HTMLElement} place
 * @param {Chip[]} chips
 */
export function showChips(place, chips) {
  const buttons = chips.map(({ key, text }) =>
    el(
      "button",
      { class: "chip", type: "button", data: { key, chip: key }, "aria-label": t("chip.remove", { name: text }) },
      el("span", {}, text),
      el("span", { "aria-hidden": "true" }, "×"),
    ),
  );
  const all = el("button", { class: "chip all", type: "button", data: { key: "all", chip: "all" } }, t("chip.all"));
  place.hidden = chips.length === 0;
  patchChildren(place, ...buttons, ...(chips.length > 1 ? [all] : []));
}
