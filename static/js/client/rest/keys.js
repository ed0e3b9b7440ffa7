// Keys of programs.

/** @import { Ask, NewKey } from "./types.js" */

export class Keys {
  #call;

  /** @param {Ask} call */
  constructor(call) {
    this.#call = call;
  }

  /**
   * Make a key; the answer has it as `key`, this once.
   * @param {NewKey} key
   * @returns {Promise<{id: number|string, key: string} & Record<string, unknown>>}
   */
  create(key) {
    return this.#call("/keys", { method: "POST", json: key });
  }

  /** One's own keys, without their secrets. */
  list() {
    return this.#call("/keys");
  }

  /**
   * Revoke a key: no call is answered with it any more.
   * @param {number|string} id
   * @returns {Promise<void>}
   */
  async revoke(id) {
    await this.#call(`/keys/${encodeURIComponent(id)}`, { method: "DELETE" });
  }
}
