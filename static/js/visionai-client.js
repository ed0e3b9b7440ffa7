// VisionAI's client, for these pages and for yours: its stream and its REST API, with nothing to install.
//
//   import { VisionAI, VisionAIClient } from "https://your.server/static/js/visionai-client.js";
//
// A picture, over REST:
//
//   const vision = new VisionAI({ url: "https://your.server", key: "vai_..." });
//   const { emotion_name, confidence } = await vision.predict(file);
//
// A camera, over the stream:
//
//   const client = new VisionAIClient({ url: "https://your.server" });
//   client.addEventListener("prediction", ({ detail }) => console.log(detail.emotion_name));
//   await client.connect();
//   client.start(async () => (await nextFrameAsJpegBlob()).arrayBuffer());
//
//   const { uid, receipt } = await client.startSession({ title: "Interview", participant: "P-07" });
//   await client.mark("question 3");
//   const summary = await client.endSession();
//
// Frames in between are recorded into that session. The receipt, which only those without a token get, is kept in
// memory alone: whoever wants to read or delete the session later keeps it themselves.

export { ApiError, StreamError } from "./client/failures.js";
export { VisionAI } from "./client/rest/client.js";
export { SignatureError, verifyWebhook } from "./client/signatures.js";
export { VisionAIClient } from "./client/stream-client.js";
