// A lane as it is drawn: stacked areas of the last minute that run from right to left, gaps hatched, markers as lines.
import { fitCanvas } from "../core/dom.js";
import { BY_VALENCE } from "../core/emotions.js";
import { clockText } from "./clock-text.js";
import { BREAK, SPAN, STEP } from "./people.js";

/**
 * @import { Emotion } from "../core/emotions.js"
 * @import { Marker } from "./run.js"
 * @import { Moment } from "./people.js"
 * @typedef {{emotions: Record<Emotion, string>, ink: string, line: string}} Inks
 * @typedef {{now: number, gaps: [number, number][], markers: Marker[], inks: Inks}} Scene what all lanes share
 */

const TICK = 15_000;
const HATCH = 7;

/**
 * @param {CanvasRenderingContext2D} context
 * @param {Moment[]} moments
 * @param {Scene} scene
 */
export function drawLane(context, moments, { now, gaps, markers, inks }) {
  const { width, height } = fitCanvas(context);
  const place = (/** @type {number} */ at) => width - ((now - at) / SPAN) * width;
  context.clearRect(0, 0, width, height);
  for (const run of runs(moments, now)) stack(context, run, place, height, inks.emotions);
  for (const [from, until] of gaps) hatch(context, place(from), place(until), { width, height }, inks.line);
  context.fillStyle = inks.ink;
  for (const { offset_ms } of markers) context.fillRect(Math.round(place(offset_ms)) - 1, 0, 2, height);
}

/**
 * The time below the lanes, and the names of markers.
 * @param {CanvasRenderingContext2D} context
 * @param {Scene} scene
 */
export function drawAxis(context, { now, markers, inks }) {
  const { width, height } = fitCanvas(context);
  const place = (/** @type {number} */ at) => width - ((now - at) / SPAN) * width;
  context.clearRect(0, 0, width, height);
  context.font = `500 12px ${getComputedStyle(context.canvas).fontFamily}`;
  context.textBaseline = "middle";
  context.textAlign = "center";
  context.fillStyle = inks.ink;
  const shown = markers.filter(({ offset_ms }) => offset_ms > now - SPAN);
  const taken = shown.map(({ offset_ms, label }) => {
    const name = shortened(context, label, width / 2);
    const half = context.measureText(name).width / 2;
    const x = Math.max(half, Math.min(place(offset_ms), width - half));
    context.fillText(name, x, height / 2);
    return [x - half, x + half];
  });
  context.fillStyle = inks.line;
  for (let at = Math.ceil((now - SPAN) / TICK) * TICK; at <= now; at += TICK) {
    const x = place(at);
    const isFree = taken.every(([left, right]) => x + 24 < left || x - 24 > right);
    if (at >= 0 && x > 16 && x < width - 12 && isFree) context.fillText(clockText(at), x, height / 2);
  }
}

/**
 * As much of a text as has room.
 * @param {CanvasRenderingContext2D} context
 * @param {string} text
 * @param {number} room
 */
function shortened(context, text, room) {
  const letters = [...text];
  const fits = (/** @type {number} */ count) => context.measureText(letters.slice(0, count).join("")).width <= room;
  if (fits(letters.length)) return text;
  let count = Math.min(letters.length, Math.ceil(room / 3));
  while (count > 1 && !fits(count)) count -= 1;
  return `${letters.slice(0, count).join("")}…`;
}

/**
 * The moments without the stretches in which the person was not seen; the last one lasts until a newer one could have
 * come.
 * @param {Moment[]} moments
 * @param {number} now
 */
function runs(moments, now) {
  const found = /** @type {Moment[][]} */ ([]);
  const last = moments.at(-1);
  for (const moment of last ? [...moments, { at: Math.min(now, last.at + STEP), scores: last.scores }] : []) {
    const run = found.at(-1);
    const before = run?.at(-1);
    if (run && before && moment.at - before.at < BREAK) run.push(moment);
    else found.push([moment]);
  }
  return found;
}

/**
 * Lay the seven areas of a run upon each other.
 * @param {CanvasRenderingContext2D} context
 * @param {Moment[]} run
 * @param {(at: number) => number} place
 * @param {number} height
 * @param {Record<Emotion, string>} colours
 */
function stack(context, run, place, height, colours) {
  let base = run.map(() => 0);
  for (const name of BY_VALENCE) {
    const top = run.map(({ scores }, index) => base[index] + scores[name]);
    context.beginPath();
    for (const [index, { at }] of run.entries()) context.lineTo(place(at), height * (1 - base[index]));
    for (const [index, { at }] of [...run.entries()].reverse()) context.lineTo(place(at), height * (1 - top[index]));
    context.closePath();
    context.fillStyle = colours[name];
    context.fill();
    base = top;
  }
}

/**
 * Hatch a stretch in which nothing was read.
 * @param {CanvasRenderingContext2D} context
 * @param {number} from
 * @param {number} until
 * @param {{width: number, height: number}} area
 * @param {string} line
 */
function hatch(context, from, until, { width, height }, line) {
  const [left, right] = [Math.max(0, from), Math.min(width, until)];
  if (right <= left) return;
  context.save();
  context.beginPath();
  context.rect(left, 0, right - left, height);
  context.clip();
  context.clearRect(left, 0, right - left, height);
  context.beginPath();
  const first = Math.floor((left - height) / HATCH) * HATCH;
  for (let x = first; x < right; x += HATCH) {
    context.moveTo(x, height);
    context.lineTo(x + height, 0);
  }
  context.lineWidth = 1;
  context.strokeStyle = line;
  context.stroke();
  context.restore();
}
