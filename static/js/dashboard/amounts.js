// Amounts as a dashboard shows them: short where they are large, with the exact number at hand, and how they changed.
import { el } from "../core/dom.js";
import { locale, number } from "../core/texts.js";

const FULL = 1_000_000;
const compact = new Intl.NumberFormat(locale, { notation: "compact", maximumFractionDigits: 1 });
const share = new Intl.NumberFormat(locale, {
  style: "percent",
  minimumFractionDigits: 1,
  maximumFractionDigits: 1,
});
const signedShare = new Intl.NumberFormat(locale, {
  style: "percent",
  maximumFractionDigits: 0,
  signDisplay: "exceptZero",
});
const signedPoints = new Intl.NumberFormat(locale, {
  minimumFractionDigits: 1,
  maximumFractionDigits: 1,
  signDisplay: "exceptZero",
});

/**
 * A number that may have nine digits: "12.3M", and the exact one for who points at it and for who listens.
 * @param {number} value
 * @param {number} [full] from here on it is short
 */
export function amount(value, full = FULL) {
  if (value < full) return el("span", {}, number(value));
  const short = el("span", { "aria-hidden": "true" }, shortNumber(value));
  return el("span", { title: number(value) }, short, el("span", { class: "visually-hidden" }, number(value)));
}

/**
 * A number as an axis writes it.
 * @param {number} value
 */
export function shortNumber(value) {
  return value < 10_000 ? number(value) : compact.format(value);
}

/**
 * A share in percent with one digit, for columns.
 * @param {number} value 0 to 1
 */
export function fixedPercent(value) {
  return share.format(value);
}

/**
 * How much more or less: "+12%".
 * @param {number} now
 * @param {number} before over 0
 */
export function change(now, before) {
  return signedShare.format(now / before - 1);
}

/**
 * How many points of a percentage more or less: "+1.2".
 * @param {number} now 0 to 1
 * @param {number} before 0 to 1
 */
export function points(now, before) {
  return signedPoints.format(100 * (now - before));
}
