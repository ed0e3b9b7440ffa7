// The last minute of one face as stacked areas that run from right to left.
import { contextOf, fitCanvas } from "../core/dom.js";
import { byEmotion, EMOTIONS, emotionColours } from "../core/emotions.js";

/**
 * @import { Scores } from "../core/emotions.js"
 * @typedef {{at: number, scores: Scores}} Point
 */

const SPAN = 60_000;
const STEP = 500;
const GAP = 1500;

export class Minute {
  #context;
  #points = /** @type {Point[]} */ ([]);
  #colours = emotionColours();

  /** @param {HTMLCanvasElement} canvas */
  constructor(canvas) {
    this.#context = contextOf(canvas);
  }

  /**
   * Note the scores of now; within half a second they replace the last ones.
   * @param {Scores} scores
   */
  add(scores) {
    const at = performance.now();
    const last = this.#points.at(-1);
    if (last && at - last.at < STEP) Object.assign(last, { scores });
    else this.#points.push({ at, scores });
    while (this.#points.length && this.#points[0].at < at - SPAN - GAP) this.#points.shift();
  }

  /** Forget the minute. */
  clear() {
    this.#points = [];
    this.draw();
  }

  /** Read the colours of the theme again. */
  recolour() {
    this.#colours = emotionColours();
    this.draw();
  }

  /** The share of each emotion over the points of the minute, 0 to 1; null without points. */
  get shares() {
    const points = this.#points;
    if (!points.length) return null;
    return byEmotion((name) => points.reduce((sum, { scores }) => sum + scores[name], 0) / points.length);
  }

  draw() {
    const { width, height } = fitCanvas(this.#context);
    const now = performance.now();
    this.#context.clearRect(0, 0, width, height);
    for (const run of this.#runs(now)) {
      const places = run.map(({ at }) => width - ((now - at) / SPAN) * width);
      this.#stack(run, places, height);
    }
  }

  /**
   * The points without the gaps in which nobody was seen; the last one lasts until a newer one could have come.
   * @param {number} now
   */
  #runs(now) {
    const runs = /** @type {Point[][]} */ ([]);
    const last = this.#points.at(-1);
    for (const point of last ? [...this.#points, { at: Math.min(now, last.at + STEP), scores: last.scores }] : []) {
      const run = runs.at(-1);
      const before = run?.at(-1);
      if (run && before && point.at - before.at < GAP) run.push(point);
      else runs.push([point]);
    }
    return runs;
  }

  /**
   * Lay the seven areas of a run upon each other.
   * @param {Point[]} run
   * @param {number[]} places where each point lies from left to right
   * @param {number} height
   */
  #stack(run, places, height) {
    const context = this.#context;
    let base = run.map(() => 0);
    for (const name of EMOTIONS) {
      const top = run.map(({ scores }, index) => base[index] + scores[name]);
      context.beginPath();
      for (const [index, x] of places.entries()) context.lineTo(x, height - base[index] * height);
      for (const [index, x] of [...places.entries()].reverse()) context.lineTo(x, height - top[index] * height);
      context.closePath();
      context.fillStyle = this.#colours[name];
      context.fill();
      base = top;
    }
  }
}
