// What goes wrong in a stream.

/** A failure that the server named: `code` is one of the API's, or "timeout" and "disconnected" of our own. */
export class StreamError extends Error {
  /**
   * @param {string} code
   * @param {string} message
   */
  constructor(code, message) {
    super(message);
    this.code = code;
  }
}
