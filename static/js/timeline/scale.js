// Time along the width: where a moment lies, and which moments are named under it.

/** @import { Span } from "./types.js" */

const SECOND = 1000;
const LADDER = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14_400, 21_600, 43_200, 86_400];
const TICK_ROOM = 78;

/**
 * A moment as a clock says it: 0:07, 12:34 or 1:02:03; with a minus where it is before the zero.
 * @param {number} ms
 */
export function clockText(ms) {
  const seconds = Math.floor(Math.abs(ms) / SECOND);
  const parts = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
  const shown = parts[0] ? parts : parts.slice(1);
  const text = shown.map((part, index) => (index ? String(part).padStart(2, "0") : part)).join(":");
  return ms <= -SECOND ? `−${text}` : text;
}

export class Scale {
  /**
   * @param {Span} span what is in view
   * @param {number} width pixels
   */
  constructor({ from, until }, width) {
    this.from = from;
    this.until = Math.max(until, from + SECOND);
    this.width = width;
  }

  /** @param {number} ms */
  x(ms) {
    return Math.round((this.part(ms) * this.width + Number.EPSILON) * 10) / 10;
  }

  /**
   * Where a moment lies, as a part of the width.
   * @param {number} ms
   */
  part(ms) {
    return (ms - this.from) / (this.until - this.from);
  }

  /**
   * The moment at a part of the width.
   * @param {number} part 0 to 1
   */
  at(part) {
    return this.from + Math.min(1, Math.max(0, part)) * (this.until - this.from);
  }

  /**
   * Whether a stretch of time is in view, be it in part.
   * @param {number} from
   * @param {number} until
   */
  meets(from, until) {
    return until > this.from && from < this.until;
  }

  /** The moments that are named: round ones, with room for each. */
  get ticks() {
    const span = (this.until - this.from) / SECOND;
    const most = Math.max(2, Math.floor(this.width / TICK_ROOM));
    const step =
      (LADDER.find((seconds) => span / seconds <= most) ?? Math.ceil(span / most / 86_400) * 86_400) * SECOND;
    const first = Math.ceil(this.from / step);
    const count = Math.floor(this.until / step) - first + 1;
    return Array.from({ length: count }, (_, index) => (first + index) * step);
  }
}
