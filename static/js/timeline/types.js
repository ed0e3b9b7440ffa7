// What a recorded session is over time: types alone.

/**
 * @import { Emotion, Scores } from "../core/emotions.js"
 *
 * @typedef {{offset_ms: number, seconds: number, scores: Scores, emotion_name: Emotion, confidence: number,
 *   uncertain: boolean}} Point the mean of the `seconds` of a step in which the person was seen
 * @typedef {[number, number]} Gap offsets between which the client was away
 * @typedef {{id: number, offset_ms: number, label: string}} Marker
 * @typedef {{person: number, persons: number[], label: string|null, points: Point[], name?: string,
 *   gaps?: Gap[], markers?: Marker[]}} Series a lane; `name` in the place of its label or number, `gaps` and `markers`
 *   in the place of the session's
 * @typedef {{step_seconds: number, people: Series[], markers: Marker[], gaps: Gap[]}} TimelineAnswer the body of
 *   `GET /sessions/{uid}/timeline`
 * @typedef {{from: number, until: number}} Span in milliseconds since the start
 * @typedef {(span: Span) => Promise<TimelineAnswer>} Loader gives the points of a part of the session, as fine as fits
 */

export {};
