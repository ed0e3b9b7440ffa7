// The Socket.IO connection to a server's stream.

/** @import { Io, Socket } from "./types.js" */

/**
 * Connect, and again whenever the connection is lost.
 * @param {Io} io
 * @param {string} url of the server, with the path that it is at if any; "" and "/vision" are on the page's own host
 * @param {(give: (auth: object) => void) => void} auth
 * @returns {Socket}
 */
export function openSocket(io, url, auth) {
  // A path in the address itself would be read as a namespace.
  const [, host = "", path = ""] = /^([a-z]+:\/\/[^/]+|)(.*?)\/*$/i.exec(url) ?? [];
  return io(`${host}/stream`, {
    path: `${path}/socket.io`,
    transports: ["websocket"],
    auth,
    reconnectionDelay: 400,
    reconnectionDelayMax: 3000,
  });
}
