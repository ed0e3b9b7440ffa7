// What goes wrong: in a stream, and in calls of the REST API.

/** A failure that the server named: `code` is one of the API's, or "timeout" and "disconnected" of our own. */
export class StreamError extends Error {
  name = "StreamError";

  /**
   * @param {string} code
   * @param {string} message
   */
  constructor(code, message) {
    super(message);
    this.code = code;
  }
}

/**
 * A call that the server refused, or that it did not answer: `status` is 0 then, and `code` "timeout" or
 * "disconnected".
 */
export class ApiError extends Error {
  name = "ApiError";

  /**
   * @param {number} status of HTTP
   * @param {string} code one of the API's
   * @param {string} message
   * @param {{details?: Record<string, unknown>, retryAfter?: number|null, cause?: unknown}} [more] `details` says of
   *   `validation_failed` what is wrong, by field; `retryAfter` in seconds, where the server says when to ask again
   */
  constructor(status, code, message, { details = {}, retryAfter = null, cause } = {}) {
    super(message, { cause });
    this.status = status;
    this.code = code;
    this.details = details;
    this.retryAfter = retryAfter;
  }
}
