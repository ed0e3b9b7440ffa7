// Socket.IO's client, for those who bring none.

/** @import { Io } from "./types.js" */

/** @returns {Promise<Io>} */
export async function ownIo() {
  return (await import("socket.io-client")).io;
}
