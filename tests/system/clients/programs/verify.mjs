// Verifies a webhook's delivery with the client that a server has, and prints what it says, or what is wrong.
// Usage: node verify.mjs DELIVERY, which is the JSON of {secret, body, headers, now}
import { SignatureError, verifyWebhook } from "../../../../static/js/visionai-client.js";

const { secret, body, headers, now } = JSON.parse(process.argv[2]);
try {
  console.log(JSON.stringify(await verifyWebhook(secret, body, headers, { now })));
} catch (error) {
  if (!(error instanceof SignatureError)) throw error;
  console.log(JSON.stringify("refused"));
}
