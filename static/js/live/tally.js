// The seconds in which somebody was seen, as the server would record them: the mean of each second's frames.
import { BY_VALENCE, best, byEmotion } from "../core/emotions.js";

/**
 * @import { Emotion, Scores } from "../core/emotions.js"
 * @typedef {{frames: number, sums: Scores}} Sums
 * @typedef {{offset_ms: number, seconds: number, scores: Scores, emotion_name: Emotion, confidence: number,
 *   uncertain: boolean}} Point as the API's timeline has them
 */

/** Below it most people would say something else, as the server has it. */
export const UNCERTAIN_BELOW = 0.5;
/** Points that are kept at most: beyond, two neighbours become one. */
const MOST_POINTS = 3600;
const SECOND = 1000;

export class Tally {
  #second = /** @type {(Sums & {index: number})|null} */ (null);
  /** @type {Map<number, Sums>} the seconds of each step, and the sums of their means, by the step's first second */
  #steps = new Map();
  #step = 1;
  #counts = byEmotion(() => 0);
  #seconds = 0;
  #uncertain = 0;

  /**
   * Note the scores of a frame.
   * @param {Scores} scores
   * @param {number} at milliseconds of the run
   */
  add(scores, at) {
    const index = Math.floor(at / SECOND);
    if (this.#second?.index !== index) {
      this.#close();
      this.#second = { index, frames: 0, sums: byEmotion(() => 0) };
    }
    addTo(this.#second, 1, scores);
  }

  /** Seconds, the share of each expression of them and of uncertain ones; shares are null where there are none. */
  get summary() {
    this.#close();
    const seconds = this.#seconds;
    if (!seconds) return { seconds, shares: null, uncertain: 0 };
    return { seconds, shares: byEmotion((name) => this.#counts[name] / seconds), uncertain: this.#uncertain };
  }

  /** The seconds that a point stands for. */
  get step() {
    return this.#step;
  }

  /**
   * The points of a timeline.
   * @param {number} step in seconds, a multiple of this tally's own
   * @returns {Point[]}
   */
  points(step) {
    this.#close();
    return [...merged(this.#steps, step)].map(([start, { frames, sums }]) => pointOf(start, frames, sums));
  }

  /** Count the present second, which is over. */
  #close() {
    if (!this.#second) return;
    const { index, frames, sums } = this.#second;
    this.#second = null;
    const mean = divided(sums, frames);
    const name = best(mean);
    this.#seconds += 1;
    this.#counts[name] += 1;
    if (mean[name] < UNCERTAIN_BELOW) this.#uncertain += 1;
    addTo(stepOf(this.#steps, index, this.#step), 1, mean);
    if (this.#steps.size > MOST_POINTS) {
      this.#step *= 2;
      this.#steps = merged(this.#steps, this.#step);
    }
  }
}

/**
 * @param {Map<number, Sums>} steps
 * @param {number} second
 * @param {number} step
 * @returns {Sums}
 */
function stepOf(steps, second, step) {
  const start = Math.floor(second / step) * step;
  const there = steps.get(start) ?? { frames: 0, sums: byEmotion(() => 0) };
  steps.set(start, there);
  return there;
}

/**
 * @param {Map<number, Sums>} steps
 * @param {number} step
 */
function merged(steps, step) {
  /** @type {Map<number, Sums>} */
  const wider = new Map();
  for (const [start, { frames, sums }] of steps) addTo(stepOf(wider, start, step), frames, sums);
  return wider;
}

/**
 * @param {Sums} to
 * @param {number} frames
 * @param {Scores} scores
 */
function addTo(to, frames, scores) {
  to.frames += frames;
  for (const name of BY_VALENCE) to.sums[name] += scores[name];
}

/**
 * @param {Scores} sums
 * @param {number} count
 * @returns {Scores}
 */
function divided(sums, count) {
  return byEmotion((name) => sums[name] / count);
}

/**
 * @param {number} start in seconds
 * @param {number} seconds
 * @param {Scores} sums
 * @returns {Point}
 */
function pointOf(start, seconds, sums) {
  const scores = divided(sums, seconds);
  const name = best(scores);
  const confidence = scores[name];
  const uncertain = confidence < UNCERTAIN_BELOW;
  return { offset_ms: start * SECOND, seconds, scores, emotion_name: name, confidence, uncertain };
}
