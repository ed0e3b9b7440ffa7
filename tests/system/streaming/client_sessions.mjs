// Has static/js/visionai-client.js record a session over a connection that is cut, moved and taken away, and prints what
// came back as one JSON object.
// Usage: node client_sessions.mjs URL FRAME_FILE
import { readFile } from "node:fs/promises";
import { io } from "socket.io-client";
import { VisionAIClient } from "../../../static/js/visionai-client.js";

const [url, file] = process.argv.slice(2);
const image = await readFile(file);

/** A client that notes what it is told of its session, and can be cut off. */
function connected(options = {}) {
  let socket;
  const client = new VisionAIClient({
    url,
    io: (...words) => {
      socket = io(...words);
      return socket;
    },
    ...options,
  });
  const told = [];
  client.addEventListener("session", ({ detail }) => told.push(detail));
  return { client, told, cut: () => socket.io.engine.close() };
}

/** Wait until `holds` does. */
async function until(holds) {
  while (!holds()) await new Promise((resolve) => setTimeout(resolve, 20));
}

const seen = {};
const { client, told, cut } = connected();
await client.connect();
await client.predict(image); // Has the weights loaded, which may take longer than a face is waited for.
const begun = await client.startSession({ title: "Interview", participant: "P-07" });
seen.begun = [begun.status, begun.title, client.session.uid === begun.uid, client.session.receipt === begun.receipt];
const before = await client.predict(image);
seen.marked = (await client.mark("question 3")).label;
await new Promise((resolve) => setTimeout(resolve, 1500)); // The server notes every 10 s that a client is there.
cut();
const after = await client.predict(image); // Waits for the connection and for the session.
seen.people = [before, after].map((answer) => answer.faces[0].person);
seen.told = told.map(({ status, uid, gap_ms: gap }) => [status, uid === begun.uid, gap >= 0]);
const summary = await client.endSession();
seen.summary = [summary.status, summary.gaps.length, summary.people.length, client.session];

const moving = await client.startSession();
const other = connected();
await other.client.connect();
await other.client.startSession({ session: moving.uid, receipt: moving.receipt });
await until(() => told.length === 2);
seen.moved = [told[1].status, client.session, other.client.session.receipt === moving.receipt];

const third = connected();
await third.client.connect();
other.client.addEventListener("state", ({ detail }) => detail === "lost" && takeAway(), { once: true });
let takenAway;
/** End the session of a client that is away for a moment. */
function takeAway() {
  takenAway = third.client
    .startSession({ session: moving.uid, receipt: moving.receipt })
    .then(() => third.client.endSession());
}
other.cut();
const outside = await other.client.predict(image);
await takenAway;
seen.lost = [other.told.at(-1).status, outside.faces[0].person ?? null, other.client.session];

for (const one of [client, other.client, third.client]) one.close();
console.log(JSON.stringify(seen));
