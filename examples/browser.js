/**
 * The least that a page needs: choose a picture, see what its face looks like.
 * On a page of another origin, import the module from your server, name it (`url`) and list the page's origin in
 * CORS_ORIGINS.
 */

import { VisionAIClient } from "../static/js/visionai-client.js";

const client = new VisionAIClient();
const file = Object.assign(document.createElement("input"), { type: "file", accept: "image/*", ariaLabel: "Picture" });
const answer = document.createElement("output");
document.body.append(file, answer);

file.addEventListener("change", async () => {
  const [picture] = file.files;
  if (!picture) return;
  try {
    await client.connect();
    const { status, emotion_name: emotion, confidence } = await client.predict(await picture.arrayBuffer());
    answer.textContent = status === "success" ? `${emotion} ${Math.round(confidence * 100)} %` : status;
  } catch (error) {
    answer.textContent = error.message;
  }
});
