// What the API answers of recorded sessions: types alone.

/**
 * @import { Emotion } from "../core/emotions.js"
 * @import { Gap, Marker, Series } from "../timeline/types.js"
 *
 * @typedef {{uid: string, user: string|null, title: string|null, participant: string|null,
 *   source: "camera"|"video"|"api", status: "open"|"ended"|"lost", started_at: string, ended_at: string|null,
 *   seconds: number, frames: number, people_count: number}} ListedSession
 * @typedef {{count: number, sessions: ListedSession[], next_cursor: string|null}} SessionsPage
 * @typedef {{id: number, timestamp: string, emotion: Emotion, confidence: number, uncertain: boolean|null}} Picture
 * @typedef {{session: ListedSession|null, picture: Picture|null}} HistoryEntry one of the two
 * @typedef {{count: number, entries: HistoryEntry[], next_cursor: string|null}} HistoryPage
 * @typedef {Record<Emotion, number>} Shares of 0 to 1, about 1 in all
 * @typedef {{person: number, persons: number[], label: string|null, first_offset_ms: number, last_offset_ms: number,
 *   seconds: number, shares: Shares|null, uncertain_share: number|null}} Person
 * @typedef {ListedSession & {notes: string|null, people: Person[], uncertain_share: number|null, gaps: Gap[],
 *   markers: Marker[], model_versions: string[]}} Session
 * @typedef {{uid: string, title: string|null, participant: string|null, started_at: string, zero_offset_ms: number,
 *   people: Series[], markers: Marker[], gaps: Gap[]}} ComparedSession offsets count from the common zero
 * @typedef {{align: string, step_seconds: number, sessions: ComparedSession[]}} Comparison
 */

export {};
