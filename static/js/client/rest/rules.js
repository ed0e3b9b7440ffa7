// Rules: what makes the event `rule.fired` in one's sessions.

/** @import { Ask, NewRule } from "./types.js" */

/** @param {string} id */
const path = (id) => `/rules/${encodeURIComponent(id)}`;

export class Rules {
  #call;

  /** @param {Ask} call */
  constructor(call) {
    this.#call = call;
  }

  /**
   * @param {NewRule} rule
   * @returns {Promise<{id: string} & Record<string, unknown>>}
   */
  create(rule) {
    return this.#call("/rules", { method: "POST", json: rule });
  }

  list() {
    return this.#call("/rules");
  }

  /** @param {string} id */
  get(id) {
    return this.#call(path(id));
  }

  /**
   * @param {string} id
   * @param {Partial<NewRule> & {active?: boolean}} changes
   */
  edit(id, changes) {
    return this.#call(path(id), { method: "PATCH", json: changes });
  }

  /**
   * @param {string} id
   * @returns {Promise<void>}
   */
  async delete(id) {
    await this.#call(path(id), { method: "DELETE" });
  }
}
