// What is said of bars: on their axis, of a part, and of a whole one.
import { counted, emotionName, number, percent } from "../core/texts.js";
import { fixedPercent, shortNumber } from "./amounts.js";

/**
 * @import { Bar, Words } from "../charts/stacked-bars.js"
 * @import { Emotion } from "../core/emotions.js"
 */

/** @type {Words} */
export const BAR_WORDS = {
  axis: (value, shares) => (shares ? percent(value) : shortNumber(value)),
  part: partText,
  total: ({ count }) => counted("seconds", count),
};

/**
 * "Happiness: 1,234 (43.2%)".
 * @param {Bar} bar
 * @param {Emotion} name
 */
export function partText({ count, by_emotion: by }, name) {
  return `${emotionName(name)}: ${number(by[name])} (${fixedPercent(count ? by[name] / count : 0)})`;
}
