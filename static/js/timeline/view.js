// Which stretch of a session is in view, and the points for it: finer ones are fetched for what is zoomed into.

import { attempt } from "../core/failures.js";

/** @import { Loader, Span, TimelineAnswer } from "./types.js" */

const SHORTEST = 10_000;
const STEPS = 10;

/** Events: `change` when another stretch is in view; `wait` when finer points are asked for, or no longer. */
export class View extends EventTarget {
  #load;
  #drawn;
  #overview = /** @type {TimelineAnswer|null} */ (null);
  #detail = /** @type {{span: Span, timeline: TimelineAnswer}|null} */ (null);
  #wanted = /** @type {Span|null} */ (null);

  /**
   * @param {Loader|null} load
   * @param {() => void} drawn called when there is something else to draw
   */
  constructor(load, drawn) {
    super();
    this.#load = load;
    this.#drawn = drawn;
    this.all = { from: 0, until: 1000 };
    this.span = this.all;
  }

  /** Whether finer points of what is in view are on their way. */
  get waits() {
    return this.#wanted !== null;
  }

  /** The points for what is in view, with the markers and gaps of all. */
  get timeline() {
    const { markers = [], gaps = [] } = this.#overview ?? {};
    const detail = this.#detail;
    const covers = detail && detail.span.from <= this.span.from && detail.span.until >= this.span.until;
    return covers ? { ...detail.timeline, markers, gaps } : this.#overview;
  }

  /**
   * @param {TimelineAnswer} timeline
   * @param {Span} all
   */
  fill(timeline, all) {
    const whole = this.#overview === null || this.#isWhole;
    this.#overview = timeline;
    this.all = all;
    this.span = whole ? all : within(this.span, all);
    if (whole) this.#detail = null;
    else this.#refine(timeline);
  }

  clear() {
    this.#overview = null;
    this.#detail = null;
    this.#want(null);
  }

  /**
   * Put a stretch in view.
   * @param {number} from
   * @param {number} until
   */
  set(from, until) {
    const middle = (from + until) / 2;
    const length = Math.min(Math.max(until - from, this.#shortest), this.all.until - this.all.from);
    this.span = within({ from: middle - length / 2, until: middle + length / 2 }, this.all);
    this.dispatchEvent(new Event("change"));
    this.#drawn();
    this.#refine();
  }

  /**
   * Go nearer (1), farther (-1), or back to all (0).
   * @param {number} nearer
   * @param {number|null} at the moment that stays in view
   */
  zoom(nearer, at) {
    if (nearer === 0) return this.set(this.all.from, this.all.until);
    const { from, until } = this.span;
    const length = (until - from) * (nearer > 0 ? 0.5 : 2);
    const inView = at !== null && at >= from && at < until;
    const middle = inView ? at : (from + until) / 2;
    this.set(middle - length / 2, middle + length / 2);
  }

  /**
   * Move the view so that a moment is in it.
   * @param {number} ms
   */
  bringIn(ms) {
    const { from, until } = this.span;
    if (ms >= from && ms < until) return;
    this.set(ms - (until - from) / 2, ms + (until - from) / 2);
  }

  get #isWhole() {
    return this.span.from <= this.all.from && this.span.until >= this.all.until;
  }

  get #shortest() {
    return this.#load ? SHORTEST : STEPS * (this.#overview?.step_seconds ?? 1) * 1000;
  }

  /**
   * Fetch finer points for what is in view; where that fails, those that are there stay.
   * @param {TimelineAnswer|null} [known] the points that finer ones are wanted for
   */
  async #refine(known = this.timeline) {
    const load = this.#load;
    const span = this.span;
    if (!load || this.#isWhole || !known || known.step_seconds <= 1) return this.#want(null);
    this.#want(span);
    await attempt(
      async () => this.#refined(span, await load(span)),
      () => {},
    );
    if (this.#wanted === span) this.#want(null);
  }

  /**
   * @param {Span} span
   * @param {TimelineAnswer} timeline
   */
  #refined(span, timeline) {
    if (this.span !== span) return;
    this.#detail = { span, timeline };
    this.#drawn();
  }

  /** @param {Span|null} span of which finer points are asked for */
  #want(span) {
    this.#wanted = span;
    this.dispatchEvent(new Event("wait"));
  }
}

/**
 * @param {Span} span
 * @param {Span} all
 */
function within({ from, until }, all) {
  const length = Math.min(until - from, all.until - all.from);
  const start = Math.min(Math.max(from, all.from), all.until - length);
  return { from: start, until: start + length };
}
