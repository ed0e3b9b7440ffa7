// What the server takes and allows, as it wrote it into the page: no number of its own stands in a script.
import { jsonOf } from "./dom.js";

/**
 * @typedef {object} Limits
 * @property {{max_bytes: number, max_pixels: number}} image a picture over REST
 * @property {{max_bytes: number, max_files: number}} batch pictures in one request
 * @property {{max_pictures: number}} calibration labelled pictures of one expression
 * @property {{day: number, hour: number}} max_days the longest period by the step of a timeline
 * @property {number} max_hours_by_minute the longest period that is shown by the minute
 */

/** Of this server. A page outside our frame, which has none, sends nothing either. */
export const limits = /** @type {Limits} */ (jsonOf("limits", {}));
