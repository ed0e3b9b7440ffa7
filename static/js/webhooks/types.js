// What the calls of webhooks and rules answer.

/**
 * @import { Emotion } from "../core/emotions.js"
 *
 * @typedef {object} Webhook
 * @property {string} id
 * @property {string} url
 * @property {string[]} events
 * @property {string|null} description
 * @property {boolean} active
 * @property {"owner"|"gone"|"failing"|null} disabled_reason
 * @property {number} failures
 * @property {string|null} last_delivered_at
 *
 * @typedef {object} Delivery
 * @property {string} id
 * @property {string} event
 * @property {"pending"|"delivered"|"failed"} status
 * @property {number} tries
 * @property {string} created_at
 * @property {string|null} next_try_at
 * @property {number|null} last_status
 * @property {string|null} error
 * @property {number|null} took_ms
 *
 * @typedef {object} Deliveries
 * @property {Delivery[]} deliveries
 * @property {string|null} next_cursor
 *
 * @typedef {object} Rule
 * @property {string} id
 * @property {string} name
 * @property {Emotion} expression
 * @property {number} share 0 to 1
 * @property {number} seconds
 * @property {number} people
 * @property {boolean} active
 */

export {};
