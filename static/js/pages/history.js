// One's own readings, page by page: sessions, and pictures between them. The cursor of the page is in the address.
import { call, command } from "../core/api.js";
import { confirmed } from "../core/dialog.js";
import { byId, showOnly } from "../core/dom.js";
import { attempt, showFailure } from "../core/failures.js";
import { toast } from "../core/shell.js";
import { forSignedIn } from "../core/signed-in.js";
import { number, t } from "../core/texts.js";
import { exportButtons } from "../dashboard/exports.js";
import { showHistory } from "../sessions/history-list.js";
import { goNewer, goOlder, pagesPassed } from "../sessions/trail.js";

/** @import { HistoryPage } from "../sessions/types.js" */

const [PAGE, MOST_EMPTY] = [20, 50];
const views = { empty: byId("empty"), readings: byId("readings"), failed: byId("failed") };
const newer = byId("newer", HTMLButtonElement);
const older = byId("older", HTMLButtonElement);
let next = /** @type {string|null} */ (null);

/** The cursor of this page; "" of the first. */
function here() {
  return new URLSearchParams(location.search).get("cursor") ?? "";
}

/** @param {string} cursor */
function addressOf(cursor) {
  return cursor ? `?${new URLSearchParams({ cursor })}` : location.pathname;
}

/**
 * A page with something on it: one that looked through a long session alone has nothing, and the next one follows.
 * @param {string} cursor
 * @returns {Promise<HistoryPage>}
 */
async function readPage(cursor) {
  /** @type {HistoryPage} */
  let page = await call("/history", { query: { limit: PAGE, cursor } });
  for (let further = 0; further < MOST_EMPTY && page.count === 0 && page.next_cursor; further++) {
    page = await call("/history", { query: { limit: PAGE, cursor: page.next_cursor } });
  }
  return page;
}

function show() {
  return attempt(async () => {
    const page = await readPage(here());
    next = page.next_cursor;
    const first = here() === "";
    showHistory(page.entries);
    showOnly(views, page.count || !first || next ? "readings" : "empty");
    newer.disabled = first;
    older.disabled = next === null;
    byId("place").textContent = placeOf(page.count, first);
  }, fail);
}

/**
 * @param {number} count
 * @param {boolean} first
 */
function placeOf(count, first) {
  if (count === 0) return t("history.none_here");
  return first || pagesPassed() ? t("history.page", { number: number(pagesPassed() + 1) }) : "";
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
    history.replaceState(null, "", location.pathname);
    await show();
  }, fail);
}

older.addEventListener("click", () => {
  if (!next) return;
  goOlder(addressOf(next), here());
  show();
});
newer.addEventListener("click", () => {
  goNewer(addressOf);
  show();
});
addEventListener("popstate", show);
byId("delete-all").addEventListener("click", deleteAll);
exportButtons(() => ({ user: "me" }));
forSignedIn(["actions"], show);
