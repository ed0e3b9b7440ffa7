// Signatures of webhooks, as Standard Webhooks describes them:
// https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md

const TOLERANCE_SECONDS = 300;
const PREFIX = "whsec_";

/** What came is not from the server, or not of now. */
export class SignatureError extends Error {
  name = "SignatureError";
}

/**
 * Check that a delivery is the server's, and return what it says.
 * @param {string} secret of the webhook: "whsec_..."
 * @param {string} body exactly as it came
 * @param {Headers|Record<string, string|string[]|undefined>} headers
 * @param {{now?: number}} [options] seconds since 1970
 * @returns {Promise<any>}
 * @throws {SignatureError}
 */
export async function verifyWebhook(secret, body, headers, { now = Date.now() / 1000 } = {}) {
  const known = headers instanceof Headers ? headers : new Headers(/** @type {Record<string, string>} */ (headers));
  const [id, timestamp, signatures] = ["webhook-id", "webhook-timestamp", "webhook-signature"].map((name) =>
    known.get(name),
  );
  if (!id || !timestamp || !signatures) throw new SignatureError("A header of the signature is missing.");
  if (!(Math.abs(now - Number(timestamp)) <= TOLERANCE_SECONDS))
    throw new SignatureError("The delivery is not of now.");
  const key = await keyOf(secret);
  const signed = new TextEncoder().encode(`${id}.${timestamp}.${body}`);
  for (const signature of signatures.split(" ")) {
    const [version, base64] = signature.split(",");
    // `verify` compares in constant time.
    if (version === "v1" && (await crypto.subtle.verify("HMAC", key, bytesOf(base64), signed))) return JSON.parse(body);
  }
  throw new SignatureError("No signature fits the secret.");
}

/** @param {string} secret */
function keyOf(secret) {
  const bytes = bytesOf(secret.startsWith(PREFIX) ? secret.slice(PREFIX.length) : secret);
  return crypto.subtle.importKey("raw", bytes, { name: "HMAC", hash: "SHA-256" }, false, ["verify"]);
}

/** @param {string} [base64] */
function bytesOf(base64 = "") {
  try {
    return Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
  } catch {
    return new Uint8Array(); // Fits nothing.
  }
}
