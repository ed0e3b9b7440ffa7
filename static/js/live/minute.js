// The last minute of one face as stacked areas that run from right to left.
import { emotionColours, EMOTIONS } from "../core/emotions.js";

const SPAN = 60_000;
const STEP = 500;
const GAP = 1500;

export class Minute {
  #canvas;
  #context;
  #points = /** @type {{at: number, scores: Record<string, number>}[]} */ ([]);
  #colours = emotionColours();

  /** @param {HTMLCanvasElement} canvas */
  constructor(canvas) {
    this.#canvas = canvas;
    this.#context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
  }

  /**
   * Note the scores of now; within half a second they replace the last ones.
   * @param {Record<string, number>} scores
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
    if (!this.#points.length) return null;
    const mean = (name) => this.#points.reduce((sum, { scores }) => sum + scores[name], 0) / this.#points.length;
    return Object.fromEntries(EMOTIONS.map((name) => [name, mean(name)]));
  }

  draw() {
    const { width, height } = this.#fit();
    const now = performance.now();
    const place = (at) => width - ((now - at) / SPAN) * width;
    this.#context.clearRect(0, 0, width, height);
    for (const run of this.#runs(now)) this.#stack(run.map(({ at, scores }) => ({ x: place(at), scores })), height);
  }

  #fit() {
    const ratio = devicePixelRatio || 1;
    const { clientWidth: width, clientHeight: height } = this.#canvas;
    const [w, h] = [Math.round(width * ratio), Math.round(height * ratio)];
    if (this.#canvas.width !== w || this.#canvas.height !== h) Object.assign(this.#canvas, { width: w, height: h });
    this.#context.setTransform(ratio, 0, 0, ratio, 0, 0);
    return { width, height };
  }

  /** The points without the gaps in which nobody was seen; the last one lasts until a newer one could have come. */
  #runs(now) {
    const runs = [];
    const last = this.#points.at(-1);
    for (const point of last ? [...this.#points, { at: Math.min(now, last.at + STEP), scores: last.scores }] : []) {
      const run = runs.at(-1);
      if (run && point.at - run.at(-1).at < GAP) run.push(point);
      else runs.push([point]);
    }
    return runs;
  }

  #stack(run, height) {
    const context = this.#context;
    const base = run.map(() => 0);
    for (const name of EMOTIONS) {
      const top = run.map(({ scores }, index) => base[index] + scores[name]);
      context.beginPath();
      run.forEach(({ x }, index) => context.lineTo(x, height - base[index] * height));
      for (let index = run.length - 1; index >= 0; index -= 1) context.lineTo(run[index].x, height - top[index] * height);
      context.closePath();
      context.fillStyle = this.#colours[name];
      context.fill();
      top.forEach((value, index) => {
        base[index] = value;
      });
    }
  }
}
