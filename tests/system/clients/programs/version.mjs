// Speaks to a server with one version of npm's socket.io-client, and prints what came back as one JSON object.
// Usage: node version.mjs URL PHOTO PACKAGE
import { readFile } from "node:fs/promises";

const [url, file, name] = process.argv.slice(2);
const { io } = await import(name);
const image = await readFile(file);
const seen = {};

/** Wait for the next `event` of `socket`. */
const next = (socket, event) => new Promise((resolve) => socket.once(event, resolve));
/** Send a command and wait for its acknowledgement. */
const ask = (socket, event, ...words) => new Promise((resolve) => socket.emit(event, ...words, resolve));

for (const transports of [["websocket"], ["polling", "websocket"]]) {
  const socket = io(`${url}/stream`, { transports, forceNew: true, reconnection: false });
  const greeting = await next(socket, "connection");
  const read = await ask(socket, "predict", { image, seq: 1 });
  const answer = next(socket, "prediction");
  socket.emit("predict", { image: image.toString("base64"), seq: 2 });
  const asEvent = await answer;
  const begun = await ask(socket, "session_start", { title: "Interview" });
  const ended = await ask(socket, "session_end");
  const refused = await ask(socket, "predict", { image: [1, 2, 3] });
  seen[transports.join("+")] = [
    greeting.status,
    read.emotion_name,
    read.seq,
    asEvent.seq,
    begun.status,
    ended.status,
    refused.error.code,
  ];
  socket.disconnect();
}
const stranger = io(`${url}/stream`, { transports: ["websocket"], auth: { token: "wrong" }, reconnection: false });
seen.refused = (await next(stranger, "connect_error")).data.error.code;
stranger.disconnect();
console.log(JSON.stringify(seen));
