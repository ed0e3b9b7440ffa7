// Recorded sessions: people over time.

/**
 * @import { Ask, BegunSession, Comparison, ListedSession, Marker, RecordedSession } from "./types.js"
 * @import { Sessions as Page, SessionsQuery, SessionTexts, SessionTimeline, WithReceipt } from "./types.js"
 */

/** @param {string} uid */
const path = (uid, rest = "") => `/sessions/${encodeURIComponent(uid)}${rest}`;

export class Sessions {
  #call;

  /** @param {Ask} call */
  constructor(call) {
    this.#call = call;
  }

  /**
   * Start a session, into which pictures go that name its uid; without an account its `receipt` is told this once.
   * @param {SessionTexts & {source?: "camera"|"video"|"api"}} [texts]
   * @returns {Promise<BegunSession>}
   */
  start(texts = {}) {
    return this.#call("/sessions", { method: "POST", json: texts });
  }

  /**
   * One's own sessions, newest first, a page at a time.
   * @param {SessionsQuery} [query]
   * @returns {Promise<Page>}
   */
  list(query = {}) {
    return this.#call("/sessions", { query });
  }

  /**
   * All of them, page after page.
   * @param {SessionsQuery} [query]
   * @returns {AsyncGenerator<ListedSession>}
   */
  async *all(query = {}) {
    let cursor = query.cursor;
    do {
      const page = await this.list({ ...query, cursor });
      yield* page.sessions;
      cursor = page.next_cursor ?? undefined;
    } while (cursor);
  }

  /**
   * @param {string} uid
   * @param {WithReceipt} [options]
   * @returns {Promise<RecordedSession>}
   */
  get(uid, { receipt } = {}) {
    return this.#call(path(uid), { receipt });
  }

  /**
   * Change texts and labels; null clears one.
   * @param {string} uid
   * @param {SessionTexts & {people?: {person: number, label: string|null}[]}} changes
   * @param {WithReceipt} [options]
   * @returns {Promise<RecordedSession>}
   */
  edit(uid, changes, { receipt } = {}) {
    return this.#call(path(uid), { method: "PATCH", json: changes, receipt });
  }

  /**
   * @param {string} uid
   * @param {WithReceipt} [options]
   * @returns {Promise<RecordedSession>}
   */
  end(uid, { receipt } = {}) {
    return this.#call(path(uid, "/end"), { method: "POST", receipt });
  }

  /**
   * Delete a session with its rows and their share of all figures.
   * @param {string} uid
   * @param {WithReceipt} [options]
   * @returns {Promise<void>}
   */
  async delete(uid, { receipt } = {}) {
    await this.#call(path(uid), { method: "DELETE", receipt });
  }

  /**
   * @param {string} uid
   * @param {{step?: "1s"|"10s"|"1m"|"auto", person?: number, since_ms?: number, until_ms?: number} & WithReceipt}
   *   [options]
   * @returns {Promise<SessionTimeline>}
   */
  timeline(uid, { receipt, ...query } = {}) {
    return this.#call(path(uid, "/timeline"), { query, receipt });
  }

  /**
   * Name a moment, by its offset or by an instant.
   * @param {string} uid
   * @param {{label: string, offset_ms?: number, at?: string}} moment
   * @param {WithReceipt} [options]
   * @returns {Promise<Marker>}
   */
  mark(uid, moment, { receipt } = {}) {
    return this.#call(path(uid, "/markers"), { method: "POST", json: moment, receipt });
  }

  /**
   * @param {string} uid
   * @param {number} id of the marker
   * @param {WithReceipt} [options]
   * @returns {Promise<void>}
   */
  async unmark(uid, id, { receipt } = {}) {
    await this.#call(path(uid, `/markers/${id}`), { method: "DELETE", receipt });
  }

  /**
   * Put 2 to 8 sessions on one clock.
   * @param {string[]} uids
   * @param {{align?: string, step?: string, receipts?: string[]}} [options] `align` is "start" or "marker:LABEL"
   * @returns {Promise<Comparison>}
   */
  compare(uids, { receipts = [], ...query } = {}) {
    return this.#call("/sessions/compare", { query: { uid: uids, ...query }, receipt: receipts.join(",") });
  }

  /**
   * A session as a long table, one row a person and second, as it comes.
   * @param {string} uid
   * @param {{format?: "csv"|"json"} & WithReceipt} [options]
   * @returns {Promise<ReadableStream<Uint8Array>>}
   */
  async export(uid, { format = "csv", receipt } = {}) {
    const response = await this.#call(path(uid, "/export"), { query: { format }, receipt, streamed: true });
    return response.body;
  }
}
