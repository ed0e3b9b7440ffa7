// Several sessions on one clock: the mean of each over its people, and how far all people agree.
import { best, byEmotion } from "../core/emotions.js";

/**
 * @import { Emotion, Scores } from "../core/emotions.js"
 * @import { Point } from "../timeline/types.js"
 * @import { ComparedSession } from "./types.js"
 *
 * @typedef {{offset: number, scores: Scores}} Mean
 * @typedef {{offset: number, share: number, emotion: Emotion, people: number}} Agreement `share` of the `people` with
 *   the expression that most of them have
 */

export const LETTERS = "ABCDEFGH";
const FEWEST_PEOPLE = 2;

/**
 * The mean scores of a session at each step, over its people; each second of one weighs the same.
 * @param {ComparedSession} session
 * @returns {Mean[]}
 */
export function meansOf({ people }) {
  const means = [...byStep(people.flatMap(({ points }) => points))].map(([offset, points]) => {
    const seconds = points.reduce((sum, point) => sum + point.seconds, 0);
    const sumOf = (/** @type {Emotion} */ name) => points.reduce((sum, one) => sum + one.scores[name] * one.seconds, 0);
    return { offset, scores: byEmotion((name) => sumOf(name) / seconds) };
  });
  return means.sort((one, other) => one.offset - other.offset);
}

/**
 * At each step in which at least two people were seen and certain: the share of them with the commonest expression.
 * Who is uncertain is left out, since what such a person shows best says nothing.
 * @param {ComparedSession[]} sessions
 * @returns {Agreement[]}
 */
export function agreementOf(sessions) {
  const points = sessions.flatMap(({ people }) => people.flatMap((series) => series.points));
  const steps = [...byStep(points.filter((point) => !point.uncertain))];
  const agreed = steps
    .filter(([, some]) => some.length >= FEWEST_PEOPLE)
    .map(([offset, some]) => {
      const counts = byEmotion((name) => some.filter((point) => point.emotion_name === name).length);
      const emotion = best(counts);
      return { offset, share: counts[emotion] / some.length, emotion, people: some.length };
    });
  return agreed.sort((one, other) => one.offset - other.offset);
}

/**
 * Where the clock of all begins and how long it runs, in milliseconds.
 * @param {ComparedSession[]} sessions
 * @param {number} stepMs
 */
export function spanOfAll(sessions, stepMs) {
  const points = sessions.flatMap(({ people }) => people.flatMap((series) => series.points));
  const from = Math.min(0, ...sessions.map((session) => -session.zero_offset_ms));
  const until = points.reduce((last, { offset_ms: at }) => Math.max(last, at + stepMs), 0);
  return { from, until: Math.max(until, from + stepMs) };
}

/**
 * The label of each marker that all sessions have.
 * @param {ComparedSession[]} sessions
 */
export function commonMarkers(sessions) {
  const labels = sessions.map(({ markers }) => new Set(markers.map(({ label }) => label)));
  return [...(labels[0] ?? [])].filter((label) => labels.every((some) => some.has(label)));
}

/** @param {Point[]} points */
function byStep(points) {
  /** @type {Map<number, Point[]>} */
  const steps = new Map();
  for (const point of points) {
    const some = steps.get(point.offset_ms);
    if (some) some.push(point);
    else steps.set(point.offset_ms, [point]);
  }
  return steps;
}
