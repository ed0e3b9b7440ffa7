// The state of the server, looked at again while the page is in sight, and what is kept for how long.
import { forAdmins } from "../admin/only-admins.js";
import { showRetention, showState } from "../admin/state.js";
import { call } from "../core/api.js";
import { byId } from "../core/dom.js";
import { attempt, hideFailure, showFailure } from "../core/failures.js";
import { afterPause, pause } from "../core/time.js";

/** @import { Retention, Status } from "../admin/types.js" */

const ASK_AGAIN = 5000;
const days = byId("days", HTMLInputElement);

async function refresh() {
  /** @type {Status} */
  const status = await call("/admin/status");
  showState(status);
  byId("shown").hidden = false;
}

async function refreshRetention() {
  /** @type {Retention} */
  const retention = await call("/admin/retention", { query: { days: days.value } });
  showRetention(retention);
}

async function goOn() {
  for (;;) {
    await pause(ASK_AGAIN);
    if (!document.hidden && !byId("admin").hidden) await trying(refresh);
  }
}

/** @param {() => Promise<void>} action */
function trying(action) {
  return attempt(
    async () => {
      await action();
      hideFailure();
    },
    (error) => showFailure(error.fields[0]?.[1] ?? error.message),
  );
}

days.addEventListener(
  "input",
  afterPause(() => trying(refreshRetention), 300),
);
forAdmins(async () => {
  await refresh();
  await refreshRetention();
  goOn();
});
