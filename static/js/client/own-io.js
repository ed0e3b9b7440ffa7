// The Socket.IO client that the server carries, for those who bring none.

/** @import { Io } from "./types.js" */

/** Beside these files, on the server that they came from. A name and no literal: type checks have npm's own types. */
const SOCKET_IO = /** @type {string} */ ("../../vendor/socket.io.js");

/** @returns {Promise<Io>} */
export async function ownIo() {
  return (await import(SOCKET_IO)).io;
}
