// Streams into a session over a server that is started anew; prints a line when it may be, then what came of it.
// Usage: node restart.mjs URL PHOTO
import { readFile } from "node:fs/promises";
import { VisionAIClient } from "visionai-client";

const [url, file] = process.argv.slice(2);
const photo = await readFile(file);
const client = new VisionAIClient({ url, timeout: 60_000 });
const told = [];
client.addEventListener("session", ({ detail }) => told.push(detail.status));
const lost = new Promise((resolve) => {
  client.addEventListener("state", ({ detail }) => detail === "lost" && resolve());
});
await client.connect();
const { uid } = await client.startSession();
await client.predict(photo);
console.log("ready");
await lost;
const { status } = await client.predict(photo);
const ended = await client.endSession();
client.close();
console.log(JSON.stringify({ told, status, same: ended.uid === uid, gaps: ended.gaps.length }));
