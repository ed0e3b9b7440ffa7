// Has the client that a server has make one call, and prints what came of it.
// Usage: node refusals.mjs URL predict|health
import { ApiError, VisionAI } from "../../../../static/js/visionai-client.js";

const [url, call] = process.argv.slice(2);
const vision = new VisionAI({ url });
await vision.accounts.login("usuario", "una frase larga");
try {
  console.log(JSON.stringify(call === "predict" ? await vision.predict(new Uint8Array(1)) : await vision.health()));
} catch (error) {
  if (!(error instanceof ApiError)) throw error;
  console.log(JSON.stringify([error.status, error.code, error.retryAfter]));
}
