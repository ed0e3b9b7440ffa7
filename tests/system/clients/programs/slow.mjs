// Offers a slow server more frames than it can read; prints how many came to what.
// Usage: node slow.mjs URL PHOTO
import { readFile } from "node:fs/promises";
import { VisionAIClient } from "visionai-client";

const FRAMES = 12;
const [url, file] = process.argv.slice(2);
const photo = await readFile(file);
const client = new VisionAIClient({ url, timeout: 60_000 });
const statuses = [];
let replaced = 0;
client.addEventListener("frame", ({ detail }) => statuses.push(detail.answer.status));
const answered = () =>
  new Promise((resolve) => client.addEventListener("prediction", ({ detail }) => resolve(detail), { once: true }));
await client.connect();
await client.predict(photo);
// While the first is being read, the others come, and the last of them is the one that is read next.
let next = answered();
client.offer(photo);
for (let frame = 1; frame < FRAMES; frame += 1) {
  await new Promise((resolve) => setTimeout(resolve, 1));
  if (client.offer(photo, { detect: frame < FRAMES - 1 })) replaced += 1;
}
let last = await next;
while (statuses.length + replaced < FRAMES) {
  next = answered();
  last = await next;
}
client.close();
// Of the last frame alone the whole picture is one face.
console.log(
  JSON.stringify({
    all: statuses.length + replaced,
    skipped: replaced > 0,
    statuses: [...new Set(statuses)],
    last: last.faces[0].box.x,
  }),
);
