// Webhooks: where the server tells of what happened. `verifyWebhook` reads what it sends there.

/** @import { Ask, NewWebhook } from "./types.js" */

/** @param {number|string} id */
const path = (id, rest = "") => `/webhooks/${encodeURIComponent(id)}${rest}`;

export class Webhooks {
  #call;

  /** @param {Ask} call */
  constructor(call) {
    this.#call = call;
  }

  /**
   * The answer has the `secret` that deliveries are signed with, this once.
   * @param {NewWebhook} webhook
   * @returns {Promise<{id: number|string, secret: string} & Record<string, unknown>>}
   */
  create(webhook) {
    return this.#call("/webhooks", { method: "POST", json: webhook });
  }

  list() {
    return this.#call("/webhooks");
  }

  /** @param {number|string} id */
  get(id) {
    return this.#call(path(id));
  }

  /**
   * @param {number|string} id
   * @param {Partial<NewWebhook> & Record<string, unknown>} changes
   */
  edit(id, changes) {
    return this.#call(path(id), { method: "PATCH", json: changes });
  }

  /**
   * @param {number|string} id
   * @returns {Promise<void>}
   */
  async delete(id) {
    await this.#call(path(id), { method: "DELETE" });
  }

  /**
   * Have a delivery sent to try it.
   * @param {number|string} id
   */
  test(id) {
    return this.#call(path(id, "/test"), { method: "POST" });
  }

  /**
   * A page, newest first; its `next_cursor` asks for the next.
   * @param {number|string} id
   * @param {{limit?: number, cursor?: string}} [query]
   */
  deliveries(id, query = {}) {
    return this.#call(path(id, "/deliveries"), { query });
  }

  /**
   * @param {number|string} id
   * @param {number|string} delivery
   */
  retry(id, delivery) {
    return this.#call(path(id, `/deliveries/${encodeURIComponent(delivery)}/retry`), { method: "POST" });
  }
}
