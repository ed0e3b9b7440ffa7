// What the stream says and what its client is told: types alone.

/** @import { StreamError } from "./failures.js" */

/**
 * @typedef {(again: boolean) => Promise<string|null>} TokenSource gives an access token, a new one when `again`
 * @typedef {"idle"|"connecting"|"connected"|"lost"} ConnectionState
 * @typedef {{detect?: boolean, record?: boolean, prior?: "even"|"typical", offset_ms?: number}} FrameOptions
 *   `offset_ms` in a session of a video: the video's own time
 * @typedef {"angry"|"disgust"|"fear"|"happy"|"neutral"|"sad"|"surprise"} Emotion
 * @typedef {Record<Emotion, number>} Scores of 0 to 1, about 1 in all
 * @typedef {{x: number, y: number, width: number, height: number}} Box in pixels of the picture that was sent
 * @typedef {{box: Box, emotion_name: Emotion, confidence: number, uncertain: boolean, scores: Scores,
 *   track_id?: number, person?: number|null, smoothed?: {emotion_name: Emotion, scores: Scores}}} Face `smoothed` over
 *   the frames of a stream; `person` is their number in the session
 * @typedef {{status: "success"|"no_face"|"dropped"|"busy", faces: Face[], processing_time_ms: number|null,
 *   emotion_name: Emotion|null, confidence: number|null, uncertain: boolean|null, retry_after_ms?: number}} FrameAnswer
 * @typedef {{max_frame_bytes: number, max_pixels: number, max_fps: number}} Limits
 * @typedef {{state: ConnectionState, connection: {user: string|null, limits: Limits}, prediction: FrameAnswer,
 *   problem: StreamError, stats: unknown, frame: {rtt: number, answer: FrameAnswer},
 *   session: SessionNews}} ClientEvents
 * @typedef {import("socket.io-client").Socket} Socket
 * @typedef {typeof import("socket.io-client").io} Io
 */

/**
 * @typedef {{title?: string, participant?: string, notes?: string, source?: "camera"|"video", session?: string,
 *   receipt?: string}} SessionOptions `session`, with its `receipt` if it has one: go on with that one
 * @typedef {{uid: string, receipt?: string}} Session
 * @typedef {Session & {status: string, started_at: string, title: string|null, participant: string|null,
 *   source: string, resumed: boolean}} StartedSession
 * @typedef {{person: number, label: string|null, seconds: number, shares: Scores|null,
 *   uncertain_share: number|null}} Person
 * @typedef {Omit<StartedSession, "resumed"> & {seconds: number, frames: number, people: Person[],
 *   gaps: [number, number][]}} EndedSession `gaps` in milliseconds since the start
 * @typedef {{status: "resumed"|"moved"|"lost", uid: string, gap_ms?: number}} SessionNews `resumed` after the
 *   connection was away for `gap_ms`; `moved` to another connection; `lost` for good; after these two it is over here
 */

/**
 * @typedef {{addEventListener<Name extends keyof ClientEvents>(name: Name,
 *   listener: (event: CustomEvent<ClientEvents[Name]>) => void, options?: AddEventListenerOptions): void}} Told
 */

export {};
