// Pages of administrators: for everybody else nothing is at their address. What is shown comes from the API, which has
// the last word on who is one.
import { byId } from "../core/dom.js";
import { attempt, showFailure } from "../core/failures.js";
import { session } from "../core/session.js";

const HIDDEN = [401, 403, 404];

/**
 * Run `start` for an administrator; show everybody else, also after signing out, that nothing is here.
 * @param {() => Promise<void>} start fetches what the page shows first
 */
export function forAdmins(start) {
  let started = false;
  const show = () => {
    const allowed = session.user?.role === "admin";
    showAllowed(allowed);
    if (!allowed || started) return;
    started = true;
    attempt(start, (error) => {
      if (HIDDEN.includes(error.status)) showAllowed(false);
      else showFailure(error.message);
    });
  };
  session.addEventListener("change", show);
  show();
}

/** @param {boolean} allowed */
function showAllowed(allowed) {
  byId("admin").hidden = !allowed;
  byId("nothing-here").hidden = allowed;
}
