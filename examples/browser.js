/**
 * The least that a page needs: choose a picture, see what its face looks like, and record that into a session.
 * On a page of another origin, import the module from your server, name it (`url`) and list the page's origin in
 * CORS_ORIGINS.
 */

import { VisionAIClient } from "../static/js/visionai-client.js";

const client = new VisionAIClient();
const file = Object.assign(document.createElement("input"), { type: "file", accept: "image/*", ariaLabel: "Picture" });
const answer = document.createElement("output");
const log = document.createElement("pre");
const buttons = [
  ["Start a session", start],
  ["Mark", mark],
  ["End", end],
].map(([textContent, action]) => {
  const button = Object.assign(document.createElement("button"), { textContent });
  button.addEventListener("click", () => attempt(action));
  return button;
});
document.body.append(file, answer, document.createElement("hr"), ...buttons, log);

file.addEventListener("change", () => attempt(read));
client.addEventListener("session", ({ detail: { status, gap_ms: gap } }) => {
  log.append(status === "resumed" ? `resumed after ${gap} ms\n` : `${status}\n`);
});

/** Run what was asked for and say what went wrong. */
async function attempt(action) {
  try {
    await client.connect();
    await action();
  } catch (error) {
    answer.textContent = error.message;
  }
}

async function read() {
  const [picture] = file.files;
  if (!picture) return;
  // Without a session nothing is kept: a row of nobody could not be deleted.
  const options = { record: client.session !== null };
  const { status, emotion_name: emotion, confidence } = await client.predict(await picture.arrayBuffer(), options);
  answer.textContent = status === "success" ? `${emotion} ${Math.round(confidence * 100)} %` : status;
}

async function start() {
  const { uid, receipt } = await client.startSession({ title: "An example" });
  // Whoever has the receipt can read and delete the session; it is not told again.
  log.append(`session ${uid}\nreceipt ${receipt}\n`);
}

async function mark() {
  const { label, offset_ms: offset } = await client.mark("a moment");
  log.append(`marked ${label} at ${offset} ms\n`);
}

async function end() {
  const { status, seconds, people } = await client.endSession();
  log.append(`${status}: ${seconds} s, ${people.length} ${people.length === 1 ? "person" : "people"}\n`);
}
