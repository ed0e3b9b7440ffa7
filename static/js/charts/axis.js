// Axes: round numbers up a side, and as many names under the ground as have room.
import { svg } from "../core/svg.js";

/** Pixels of a character of an axis, with a little to spare: text is measured before it is drawn. */
const CHARACTER = 7.4;
const BETWEEN = 18;
const ROUND = [1, 2, 5, 10];

/**
 * Round numbers from zero to the first one that is not under `most`.
 * @param {number} most
 * @param {number} [count] how many steps there may be
 * @returns {number[]}
 */
export function wholeTicks(most, count = 4) {
  const raw = Math.max(1, most / count);
  const power = 10 ** Math.floor(Math.log10(raw));
  const step = power * (ROUND.find((factor) => factor * power >= raw - 1e-9) ?? 10);
  const last = Math.max(1, Math.ceil(most / step));
  return Array.from({ length: last + 1 }, (_, index) => index * step);
}

/** @param {string[]} texts */
export function widest(texts) {
  return Math.max(0, ...texts.map((text) => text.length)) * CHARACTER;
}

/**
 * A line over the whole width at each value, with its name before it.
 * @param {{value: number, text: string}[]} ticks
 * @param {(value: number) => number} y
 * @param {{left: number, right: number}} area
 */
export function levels(ticks, y, { left, right }) {
  return ticks.flatMap(({ value, text }) => [
    svg("line", { class: value ? "level" : "level ground-line", x1: left, x2: right, y1: y(value), y2: y(value) }),
    svg("text", { class: "level-name", x: left - 8, y: y(value) }, text),
  ]);
}

/**
 * Names under the ground, each under its place; where they are many, every second, third or later one.
 * @param {string[]} texts
 * @param {(index: number) => number} x
 * @param {{bottom: number, left: number, right: number}} area
 */
export function names(texts, x, { bottom, left, right }) {
  const room = widest(texts) + BETWEEN;
  const every = Math.max(1, Math.ceil((texts.length * room) / Math.max(1, right - left)));
  const shown = texts.map((text, index) => ({ text, at: x(index), index })).filter(({ index }) => index % every === 0);
  return shown.map(({ text, at }) => svg("text", { class: "name", x: at, y: bottom + 16 }, text));
}
