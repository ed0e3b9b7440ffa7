// Pages about one's own data: what they need shows when somebody is signed in, an invitation when nobody is.
import { byId } from "./dom.js";
import { session } from "./session.js";

/** @import { User } from "./session.js" */

/**
 * Run `start` for somebody who is signed in; show the invitation to everybody else, also after signing out.
 * @param {string[]} parts ids of what only a signed-in user sees
 * @param {(user: User) => void} start
 */
export function forSignedIn(parts, start) {
  let started = false;
  const show = () => {
    const { user } = session;
    byId("sign-in-first").hidden = user !== null;
    for (const id of parts) byId(id).hidden = user === null;
    if (user && !started) {
      started = true;
      start(user);
    }
  };
  session.addEventListener("change", show);
  show();
}
