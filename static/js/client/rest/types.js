// What the REST API takes and answers: types alone. `/api/v1/openapi.json` of a server says what each field means.

/** @import { Call } from "./http.js" */
/** @import { Emotion, Face, Scores } from "../types.js" */

/**
 * @typedef {Record<string, string|number|boolean|Date|string[]|null|undefined>} Query null and undefined are left out
 * @typedef {(path: string, call?: Call) => Promise<any>} Ask makes a call in the client's name
 * @typedef {Blob|ArrayBuffer|Uint8Array|string} Picture an encoded picture; a text is base64 or a data URL
 * @typedef {{detect?: boolean, record?: boolean, prior?: "even"|"typical", session?: string, offset_ms?: number,
 *   receipt?: string}} PictureOptions `session` is the uid of one that the picture is recorded into, `receipt` its
 *   receipt where no account owns it
 * @typedef {{id: number|null, uid: string, emotion_name: Emotion, confidence: number, uncertain: boolean,
 *   model_version_tag: string, prior: "even"|"typical", processing_time_ms: number, timestamp: string,
 *   user: string|null, recorded: boolean, faces: Face[]}} Prediction
 * @typedef {{code: string, message: string, details: Record<string, unknown>}} Failure
 * @typedef {{index: number, filename: string|null, status: number, prediction?: Prediction, error?: Failure}} BatchItem
 * @typedef {{results: BatchItem[]}} Batch
 * @typedef {{emotions: {id: number, name: Emotion, description: string}[]}} Emotions
 * @typedef {{status: "not_loaded"|"loading"|"loaded"|"failed", model_version_tag: string|null,
 *   weights_version_tag: string|null, calibration: string|null, input_shape: string|null, num_classes: number|null,
 *   total_params: number|null, emotion_classes: string[], runtime: string|null,
 *   metrics: Record<string, unknown>}} ModelInfo
 * @typedef {{status: "healthy"|"degraded", service: string, version: string, model: string, database: string,
 *   recorder: string, clients_connected: number}} Health
 */

/**
 * @typedef {{user_id: number, username: string, is_active: boolean, created_at: string}} User
 * @typedef {User & {role: "user"|"admin"}} Profile
 * @typedef {{access_token: string, token_type: string, expires_in: number, refresh_token?: string}} Tokens
 * @typedef {{name: string, scopes: string[], expires_at?: string, rate?: number, daily_quota?: number}} NewKey
 * @typedef {{url: string, events: string[], description?: string}} NewWebhook
 * @typedef {{name: string, expression: Emotion, share: number, seconds: number, people?: number}} NewRule
 */

/**
 * @typedef {{title?: string|null, participant?: string|null, notes?: string|null}} SessionTexts
 * @typedef {{receipt?: string}} WithReceipt of a session that no account owns
 * @typedef {{id: number, offset_ms: number, label: string}} Marker
 * @typedef {{person: number, persons: number[], label: string|null, first_offset_ms: number, last_offset_ms: number,
 *   seconds: number, shares: Scores|null, uncertain_share: number|null}} SessionPerson
 * @typedef {{uid: string, user: string|null, title: string|null, participant: string|null,
 *   source: "camera"|"video"|"api", status: "open"|"ended"|"lost", started_at: string, ended_at: string|null,
 *   seconds: number, frames: number, people_count: number}} ListedSession
 * @typedef {ListedSession & {notes: string|null, people: SessionPerson[], uncertain_share: number|null,
 *   gaps: [number, number][], markers: Marker[], model_versions: string[]}} RecordedSession
 * @typedef {RecordedSession & {receipt?: string}} BegunSession `receipt` is told once, to whoever has no account
 * @typedef {{count: number, sessions: ListedSession[], next_cursor: string|null}} Sessions
 * @typedef {{offset_ms: number, seconds: number, scores: Scores, emotion_name: Emotion, confidence: number,
 *   uncertain: boolean}} Point
 * @typedef {{person: number, persons: number[], label: string|null, points: Point[]}} Series
 * @typedef {{step_seconds: number, people: Series[], markers: Marker[], gaps: [number, number][]}} SessionTimeline
 * @typedef {{uid: string, title: string|null, participant: string|null, started_at: string, zero_offset_ms: number,
 *   people: Series[], markers: Marker[], gaps: [number, number][]}} ComparedSession
 * @typedef {{align: string, step_seconds: number, sessions: ComparedSession[]}} Comparison
 * @typedef {{limit?: number, cursor?: string, q?: string, participant?: string, user?: string, since?: string|Date,
 *   until?: string|Date}} SessionsQuery
 */

/**
 * @typedef {{user?: string, emotion?: Emotion, since?: string|Date, until?: string|Date, session?: string,
 *   version?: string}} Filters
 * @typedef {Record<Emotion, number>} Counts
 * @typedef {{since: string|null, until: string|null}} Period
 * @typedef {{name: Emotion, count: number, average_confidence: number|null,
 *   last_prediction: string|null}} EmotionTotals
 * @typedef {{total_predictions: number, most_common_emotion: {name: Emotion, count: number}|null,
 *   average_confidence: number|null, predictions_by_emotion: Counts, period: Period, emotions: EmotionTotals[],
 *   uncertain_share: number|null}} Stats
 * @typedef {{id: number, timestamp: string, emotion: Emotion, confidence: number, user: string|null,
 *   source_ip: string|null, session: string|null, uncertain: boolean|null, model_version_tag: string}} RecentPrediction
 * @typedef {{count: number, predictions: RecentPrediction[], next_cursor: string|null}} Recent
 * @typedef {{period_days: number, timeline: {date: string, count: number, by_emotion: Counts}[], period: Period,
 *   bucket: string}} Timeline
 * @typedef {{emotion: {id: number, name: Emotion, description: string}, statistics: {total_predictions: number,
 *   average_confidence: number|null, last_prediction: string|null, percentage: number}, period: Period}} EmotionDetail
 */

export {};
