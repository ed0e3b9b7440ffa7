// A run: from the first frame of a source to its summary, over pauses, cuts and a camera that comes back.
import { byEmotion } from "../core/emotions.js";
import { Coverage } from "./coverage.js";
import { People } from "./people.js";

/**
 * @import { Scores } from "../core/emotions.js"
 * @import { Face } from "../client/types.js"
 * @import { Point } from "./tally.js"
 * @typedef {{id: number, offset_ms: number, label: string}} Marker
 * @typedef {{person: number, persons: number[], label: string|null, points: Point[]}} Series
 * @typedef {{step_seconds: number, people: Series[], markers: Marker[], gaps: [number, number][]}} Timeline as the API
 *   answers it
 * @typedef {{person: number, label: string|null, seconds: number, shares: Scores|null,
 *   uncertain_share: number|null}} PersonSeen
 */

/** It has no clock: every call is told the run's time, in milliseconds, which is a video's own. */
export class Run {
  people = new People();
  markers = /** @type {Marker[]} */ ([]);
  #coverage = new Coverage();
  #startedAt = /** @type {number|null} */ (null);

  /** Whether a frame was answered. */
  get isOn() {
    return this.#startedAt !== null;
  }

  /**
   * Note an answered frame.
   * @param {Face[]} faces
   * @param {number} at
   * @returns {import("./people.js").Person[]} whose each face is
   */
  read(faces, at) {
    this.#startedAt ??= at;
    this.#coverage.note(at);
    return this.people.see(faces, at);
  }

  /** @param {number} now */
  gaps(now) {
    return this.#coverage.gaps(now);
  }

  /**
   * @param {number} offset_ms
   * @param {string} label
   */
  mark(offset_ms, label) {
    this.markers.push({ id: this.markers.length + 1, offset_ms, label });
  }

  /** @returns {PersonSeen[]} everybody, with their seconds and shares */
  get seen() {
    return this.people.all.map(({ number, tally }) => {
      const { seconds, shares, uncertain } = tally.summary;
      return { person: number, label: null, seconds, shares, uncertain_share: seconds ? uncertain / seconds : null };
    });
  }

  /**
   * The whole of it as a timeline.
   * @param {number} now
   * @returns {Timeline}
   */
  timeline(now) {
    const everybody = this.people.all;
    const step = Math.max(1, ...everybody.map(({ tally }) => tally.step));
    const people = everybody.map(({ number, tally }) => {
      return { person: number, persons: [number], label: null, points: tally.points(step) };
    });
    return { step_seconds: step, people, markers: this.markers, gaps: this.gaps(now) };
  }

  /** Forget it. */
  clear() {
    this.people.clear();
    this.markers = [];
    this.#coverage.clear();
    this.#startedAt = null;
  }
}

/**
 * The share of each expression of all the seconds of people.
 * @param {PersonSeen[]} people
 * @returns {{seconds: number, shares: Scores|null, uncertain: number|null}}
 */
export function together(people) {
  const seen = people.filter(({ shares }) => shares);
  const seconds = seen.reduce((sum, one) => sum + one.seconds, 0);
  if (!seconds) return { seconds, shares: null, uncertain: null };
  /** @param {(one: PersonSeen) => number} value */
  const mean = (value) => seen.reduce((sum, one) => sum + value(one) * one.seconds, 0) / seconds;
  return {
    seconds,
    shares: byEmotion((name) => mean(({ shares }) => shares?.[name] ?? 0)),
    uncertain: mean(({ uncertain_share }) => uncertain_share ?? 0),
  };
}
