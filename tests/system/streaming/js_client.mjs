// Speaks to a server as npm's socket.io-client does, and prints what came back as one JSON object.
// Usage: node js_client.mjs URL FRAME_FILE
import { readFile } from "node:fs/promises";
import { io } from "socket.io-client";

const [url, file] = process.argv.slice(2);
const image = await readFile(file);
const seen = {};

/** Wait for the next `event` of `socket`. */
const next = (socket, event) => new Promise((resolve) => socket.once(event, resolve));

for (const transports of [["websocket"], ["polling", "websocket"]]) {
  const socket = io(`${url}/stream`, { transports, forceNew: true, reconnection: false });
  const greeting = await next(socket, "connection");
  const events = [];
  socket.onAny((event) => events.push(event));
  const acknowledged = await socket.timeout(30000).emitWithAck("predict", { image, seq: 1 });
  const bare = await socket.timeout(30000).emitWithAck("predict", image);
  const eventsOfAcknowledged = events.length;
  const answer = next(socket, "prediction");
  socket.emit("predict", { image: image.toString("base64"), seq: 2 });
  const asEvent = await answer;
  const error = next(socket, "error");
  socket.emit("predict", { image: [1, 2, 3] });
  const failure = await error;
  const unknown = await socket.timeout(30000).emitWithAck("nonsense");
  seen[transports.join("+")] = {
    greeting: greeting.status,
    acknowledged: [acknowledged.status, acknowledged.seq, acknowledged.emotion_name],
    bare: bare.status,
    eventsOfAcknowledged,
    asEvent: [asEvent.status, asEvent.seq],
    failure: failure.error.code,
    unknown: unknown.error.code,
    transport: socket.io.engine.transport.name,
  };
  socket.disconnect();
}

const refused = io(`${url}/stream`, { transports: ["websocket"], auth: { token: "wrong" }, reconnection: false });
const reason = await next(refused, "connect_error");
seen.refused = reason.data.error.code;
refused.disconnect();

console.log(JSON.stringify(seen));
