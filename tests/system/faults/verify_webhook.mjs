// Verify a webhook as a receiver would, with the public package of Standard Webhooks.
import { readFileSync } from "node:fs";
import { Webhook } from "standardwebhooks";

const { secret, body, headers } = JSON.parse(readFileSync(0, "utf8"));
let verdict;
try {
  verdict = { payload: new Webhook(secret).verify(body, headers) };
} catch (error) {
  verdict = { refused: error.message };
}
process.stdout.write(JSON.stringify(verdict));
