// One's own readings, page by page. The cursors of the pages passed are kept to go back to newer ones.
import { call } from "../core/api.js";
import { confirmed } from "../core/dialog.js";
import { byId, showOnly } from "../core/dom.js";
import { exportButtons } from "../dashboard/exports.js";
import { readingsTable } from "../dashboard/figure-tables.js";
import { ApiError } from "../core/http.js";
import { toast } from "../core/shell.js";
import { forSignedIn } from "../core/signed-in.js";
import { number, t } from "../core/texts.js";

const PAGE = 20;
const views = { empty: byId("empty"), readings: byId("readings"), failed: byId("failed") };
const passed = /** @type {(string|null)[]} */ ([]);
let here = /** @type {string|null} */ (null);
let next = /** @type {string|null} */ (null);

/** @param {string|null} cursor */
async function show(cursor) {
  try {
    const page = await call("/dashboard/recent", { query: { user: "me", limit: PAGE, cursor } });
    [here, next] = [cursor, page.next_cursor];
    readingsTable(byId("rows"), page.predictions, { exact: true, own: true });
    showOnly(views, page.count || passed.length ? "readings" : "empty");
    byId("newer").disabled = passed.length === 0;
    byId("older").disabled = next === null;
    byId("place").textContent = t("history.page", { number: number(passed.length + 1) });
  } catch (error) {
    fail(error);
  }
}

function fail(error) {
  if (!(error instanceof ApiError)) throw error;
  byId("failed-text").textContent = error.message;
  showOnly(views, "failed");
}

async function deleteAll() {
  if (!(await confirmed(byId("delete-dialog")))) return;
  try {
    await call("/auth/users/me/predictions", { method: "DELETE" });
    toast(t("history.deleted"));
    passed.length = 0;
    await show(null);
  } catch (error) {
    fail(error);
  }
}

byId("older").addEventListener("click", () => {
  passed.push(here);
  show(next);
});
byId("newer").addEventListener("click", () => show(passed.pop() ?? null));
byId("delete-all").addEventListener("click", deleteAll);
exportButtons(() => ({ user: "me" }));
forSignedIn(["actions"], () => show(null));
