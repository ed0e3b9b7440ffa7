// Offers a slow server more frames than it can read; prints how many came to what.
// Usage: node slow.mjs URL PHOTO
import { readFile } from "node:fs/promises";
import { VisionAIClient } from "visionai-client";

const FRAMES = 12;
const [url, file] = process.argv.slice(2);
const photo = await readFile(file);
const client = new VisionAIClient({ url, timeout: 60_000 });
const answers = [];
let replaced = 0;
client.addEventListener("frame", ({ detail }) => answers.push(detail.answer));
await client.connect();
await client.predict(photo);
for (let frame = 1; frame <= FRAMES; frame += 1) {
  // Of the last frame alone the whole picture is one face.
  if (client.offer(photo, { detect: frame < FRAMES })) replaced += 1;
  await new Promise((resolve) => setTimeout(resolve, 1));
}
while (answers.length + replaced < FRAMES) {
  await new Promise((resolve) => client.addEventListener("frame", resolve, { once: true }));
}
client.close();
console.log(
  JSON.stringify({
    skipped: replaced > 0,
    unread: answers.filter(({ status }) => status !== "success").length,
    newest: answers.at(-1).faces[0].box.x === 0,
  }),
);
