// A question to the server and its answer, as an acknowledgement.
import { StreamError } from "./failures.js";

/** @import { Socket } from "./types.js" */

const ANSWER_TIMEOUT = 10_000;

/**
 * @param {Socket} socket
 * @param {string} event
 * @param {unknown[]} payload
 * @param {number} [timeout] milliseconds
 * @throws {StreamError} what the server says is wrong, or `timeout`
 */
export async function askOver(socket, event, payload, timeout = ANSWER_TIMEOUT) {
  const asked = socket.timeout(timeout).emitWithAck(event, ...payload);
  const answer = await asked.catch((/** @type {Error} */ error) => {
    throw new StreamError("timeout", error.message);
  });
  if (answer?.status === "error") throw new StreamError(answer.error.code, answer.message);
  return answer;
}
