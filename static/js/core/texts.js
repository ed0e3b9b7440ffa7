// The words of the page, rendered by the server from its catalogue, and numbers and times in their language.
import { jsonOf } from "./dom.js";

const TEXTS = /** @type {Record<string, string>} */ (jsonOf("texts", {}));

/** @import { Emotion } from "./emotions.js" */

/** The language of the page, "es" or "en". */
export const language = document.documentElement.lang;

/** Spanish of a browser that names no country is Latin America's, as our texts are. */
const USUAL = /** @type {Record<string, string>} */ ({ es: "es-419" });

/** The language of the page as the browser's country writes it: "es-MX", "en-GB". */
export const locale =
  navigator.languages.find((one) => one.split("-")[0] === language && one !== language) ?? USUAL[language] ?? language;

const SECOND = /** @type {const} */ ({ unit: "second", size: 1 });
const UNITS = /** @type {const} */ ([
  { unit: "day", size: 86_400 },
  { unit: "hour", size: 3600 },
  { unit: "minute", size: 60 },
]);
const plural = new Intl.PluralRules(locale);

/**
 * The text of a key, its `{names}` filled in.
 * @param {string} key
 * @param {Record<string, string|number>} [values]
 * @returns {string}
 */
export function t(key, values = {}) {
  const text = TEXTS[key];
  if (text === undefined) throw new Error(`No text for ${key}`);
  return text.replace(/\{(\w+)\}/g, (_, name) => String(values[name]));
}

/**
 * The text of `key.one` or `key.other`, with `{count}` filled in.
 * @param {string} key
 * @param {number} count
 * @returns {string}
 */
export function counted(key, count) {
  return t(`${key}.${plural.select(count) === "one" ? "one" : "other"}`, { count: number(count) });
}

/** @param {Emotion} name */
export function emotionName(name) {
  return t(`emotion.${name}`);
}

/**
 * The two letters that stand for an emotion where its name has no room, beside or upon its colour.
 * @param {Emotion} name
 */
export function emotionLetters(name) {
  return emotionName(name).slice(0, 2);
}

/**
 * @param {number} value
 * @param {number} [digits] after the point
 */
export function number(value, digits = 0) {
  const options = { minimumFractionDigits: digits, maximumFractionDigits: digits };
  return new Intl.NumberFormat(locale, options).format(value);
}

/**
 * A share in percent, finer near the ends: what is not quite all is never shown as 100 %.
 * @param {number} share 0 to 1
 */
export function percent(share) {
  const fine = (share > 0 && share < 0.1) || (share > 0.99 && share < 1);
  const value = share < 1 ? Math.min(share, 0.999) : share;
  return new Intl.NumberFormat(locale, { style: "percent", maximumFractionDigits: fine ? 1 : 0 }).format(value);
}

/**
 * @param {string|Date|number} moment
 * @param {Intl.DateTimeFormatOptions} [options]
 */
export function dateTime(moment, options = { dateStyle: "medium", timeStyle: "short" }) {
  return new Intl.DateTimeFormat(locale, options).format(new Date(moment));
}

/**
 * How long ago, in words: "2 minutes ago".
 * @param {string|Date|number} moment
 */
export function ago(moment) {
  const seconds = Math.round((new Date(moment).getTime() - Date.now()) / 1000);
  const words = new Intl.RelativeTimeFormat(locale, { numeric: "auto" });
  const { unit, size } = UNITS.find((one) => Math.abs(seconds) >= one.size) ?? SECOND;
  return words.format(Math.round(Math.min(0, seconds) / size), unit);
}
