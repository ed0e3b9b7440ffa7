// One's own readings, page by page. The cursors of the pages passed are kept to go back to newer ones.
import { call, command } from "../core/api.js";
import { confirmed } from "../core/dialog.js";
import { byId, showOnly } from "../core/dom.js";
import { attempt, showFailure } from "../core/failures.js";
import { toast } from "../core/shell.js";
import { forSignedIn } from "../core/signed-in.js";
import { number, t } from "../core/texts.js";
import { exportButtons } from "../dashboard/exports.js";
import { readingsTable } from "../dashboard/figure-tables.js";

/** @import { ReadingsPage } from "../dashboard/figures.js" */

const PAGE = 20;
const views = { empty: byId("empty"), readings: byId("readings"), failed: byId("failed") };
const newer = byId("newer", HTMLButtonElement);
const older = byId("older", HTMLButtonElement);
const passed = /** @type {(string|null)[]} */ ([]);
let here = /** @type {string|null} */ (null);
let next = /** @type {string|null} */ (null);

/** @param {string|null} cursor */
function show(cursor) {
  return attempt(async () => {
    /** @type {ReadingsPage} */
    const page = await call("/dashboard/recent", { query: { user: "me", limit: PAGE, cursor } });
    [here, next] = [cursor, page.next_cursor];
    readingsTable(byId("rows"), page.predictions, { exact: true, own: true });
    showOnly(views, page.count || passed.length ? "readings" : "empty");
    newer.disabled = passed.length === 0;
    older.disabled = next === null;
    byId("place").textContent = t("history.page", { number: number(passed.length + 1) });
  }, fail);
}

/** @param {Error} error */
function fail(error) {
  showFailure(error.message);
  showOnly(views, "failed");
}

async function deleteAll() {
  if (!(await confirmed(byId("delete-dialog", HTMLDialogElement)))) return;
  await attempt(async () => {
    await command("/auth/users/me/predictions", { method: "DELETE" });
    toast(t("history.deleted"));
    passed.length = 0;
    await show(null);
  }, fail);
}

older.addEventListener("click", () => {
  passed.push(here);
  show(next);
});
newer.addEventListener("click", () => show(passed.pop() ?? null));
byId("delete-all").addEventListener("click", deleteAll);
exportButtons(() => ({ user: "me" }));
forSignedIn(["actions"], () => show(null));
