// The stream of this server, in the name of whoever is signed in.
import { VisionAIClient } from "../client/stream-client.js";
import { root } from "./root.js";
import { session } from "./session.js";

/** A client that is not connected yet. */
export function streamClient() {
  return new VisionAIClient({
    url: root,
    token: (again) => (again && session.user ? session.renew() : session.token()),
  });
}
