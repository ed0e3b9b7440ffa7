// Figures of what was seen.

/** @import { Ask, EmotionDetail, Filters, Recent, Stats, Timeline } from "./types.js" */
/** @import { Emotion } from "../types.js" */

export class Dashboard {
  #call;

  /** @param {Ask} call */
  constructor(call) {
    this.#call = call;
  }

  /**
   * Totals, the most common expression, the average confidence.
   * @param {Filters} [filters]
   * @returns {Promise<Stats>}
   */
  stats(filters = {}) {
    return this.#call("/dashboard/stats", { query: filters });
  }

  /**
   * Predictions, newest first, a page at a time.
   * @param {Filters & {limit?: number, cursor?: string}} [query]
   * @returns {Promise<Recent>}
   */
  recent(query = {}) {
    return this.#call("/dashboard/recent", { query });
  }

  /**
   * Counts by the day, the hour or the minute.
   * @param {Filters & {days?: number, bucket?: "day"|"hour"|"minute", tz?: string}} [query]
   * @returns {Promise<Timeline>}
   */
  timeline(query = {}) {
    return this.#call("/dashboard/timeline", { query });
  }

  /**
   * @param {Emotion} name
   * @param {Filters} [filters]
   * @returns {Promise<EmotionDetail>}
   */
  emotion(name, filters = {}) {
    return this.#call(`/dashboard/emotion/${encodeURIComponent(name)}`, { query: filters });
  }

  /**
   * @param {string} username one's own, or anybody's for an administrator
   * @param {Filters} [filters]
   * @returns {Promise<Stats & {username: string}>}
   */
  user(username, filters = {}) {
    return this.#call(`/dashboard/users/${encodeURIComponent(username)}`, { query: filters });
  }

  /**
   * One's own predictions, all of them for an administrator, as they come.
   * @param {Filters & {format?: "csv"|"json"}} [query]
   * @returns {Promise<ReadableStream<Uint8Array>>}
   */
  async export({ format = "csv", ...query } = {}) {
    return (await this.#call("/dashboard/export", { query: { format, ...query }, streamed: true })).body;
  }
}
