// Pages about one's own data: what they need shows when somebody is signed in, an invitation when nobody is.
import { byId } from "./dom.js";
import { session } from "./session.js";

/**
 * Run `start` for somebody who is signed in; show the invitation to everybody else, also after signing out.
 * @param {string[]} parts ids of what only a signed-in user sees
 * @param {() => void} start
 */
export function forSignedIn(parts, start) {
  let started = false;
  const show = () => {
    const known = session.user !== null;
    byId("sign-in-first").hidden = known;
    for (const id of parts) byId(id).hidden = !known;
    if (known && !started) {
      started = true;
      start();
    }
  };
  session.addEventListener("change", show);
  show();
}
