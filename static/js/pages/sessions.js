// The sessions of a user, searched and page by page in the address; of a receipt, the one that it opens.

import { confirmed } from "../core/dialog.js";
import { byId, el, showOnly } from "../core/dom.js";
import { attempt, hideFailure, showFailure } from "../core/failures.js";
import { onSubmit } from "../core/forms.js";
import { root } from "../core/root.js";
import { toast } from "../core/shell.js";
import { forSignedIn } from "../core/signed-in.js";
import { counted, t } from "../core/texts.js";
import { afterPause } from "../core/time.js";
import { deleteSession, editSession, listSessions, readSession } from "../sessions/api.js";
import { orNull } from "../sessions/inline.js";
import { listTable } from "../sessions/list.js";
import {
  addressOfChoice,
  choiceOfAddress,
  choiceOfFields,
  isFiltered,
  queryOfChoice,
  showInFields,
} from "../sessions/query.js";
import { forgetReceipt, keepReceipt, openedHere } from "../sessions/receipts.js";
import { goNewer, goOlder } from "../sessions/trail.js";
import { addressOf, isUid } from "../sessions/uids.js";
import { titleOf } from "../sessions/words.js";

/** @import { User } from "../core/session.js" */
/** @import { Choice } from "../sessions/query.js" */
/** @import { ListedSession, SessionsPage } from "../sessions/types.js" */

const PAGE = 20;
const [FEWEST, MOST] = [2, 8];
const views = { empty: byId("empty"), none: byId("none"), list: byId("list") };
const newer = byId("newer", HTMLButtonElement);
const older = byId("older", HTMLButtonElement);
const newest = byId("newest", HTMLButtonElement);
const compare = byId("compare", HTMLButtonElement);
/** Below the list, which would push it down as it comes. */
const byReceipt = byId("by-receipt");
const chosen = /** @type {Set<string>} */ (new Set());
let next = /** @type {string|null} */ (null);
let admin = false;
let asked = 0;

async function show() {
  const choice = choiceOfAddress();
  const mine = ++asked;
  await attempt(
    async () => {
      const page = await listSessions({ ...queryOfChoice(choice), limit: PAGE });
      if (mine === asked) fill(page, choice);
    },
    (error) => {
      showFailure(error.fields[0]?.[1] ?? error.message);
      showOnly(views, null);
    },
  );
  byReceipt.hidden = false;
}

/**
 * @param {SessionsPage} page
 * @param {Choice} choice
 */
function fill(page, choice) {
  hideFailure();
  next = page.next_cursor;
  const first = choice.cursor === "";
  listTable(page.sessions, { users: admin, actions: { choose, rename, remove, isChosen: (uid) => chosen.has(uid) } });
  const nothing = page.count === 0 && first && next === null;
  showOnly(views, nothing ? (isFiltered(choice) ? "none" : "empty") : "list");
  byId("filters").hidden = nothing && !isFiltered(choice);
  byId("place").textContent = page.count ? counted("sessions.shown", page.count) : t("sessions.none_here");
  newer.disabled = newest.disabled = first;
  older.disabled = next === null;
  showChosen();
}

/** Search for what the fields say, in the place of this address: somebody may be typing. */
function search() {
  history.replaceState(null, "", addressOfChoice(choiceOfFields()));
  show();
}

/**
 * @param {ListedSession} session
 * @param {boolean} isOn
 */
function choose({ uid }, isOn) {
  if (isOn) chosen.add(uid);
  else chosen.delete(uid);
  showChosen();
}

function showChosen() {
  byId("chosen").hidden = chosen.size === 0;
  byId("chosen-text").textContent = counted("sessions.chosen", chosen.size);
  compare.disabled = chosen.size < FEWEST || chosen.size > MOST;
}

/**
 * @param {ListedSession} session
 * @param {string} title
 */
function rename(session, title) {
  return attempt(
    async () => {
      const { title: now } = await editSession(session.uid, { title: orNull(title) });
      session.title = now;
      toast(t("sessions.saved"));
    },
    (error) => toast(error.fields[0]?.[1] ?? error.message),
  );
}

/** @param {ListedSession} session */
async function remove(session) {
  byId("delete-name").textContent = titleOf(session);
  if (!(await confirmed(byId("delete-dialog", HTMLDialogElement)))) return;
  await attempt(
    async () => {
      await deleteSession(session.uid);
      chosen.delete(session.uid);
      toast(t("session.deleted"));
      await show();
    },
    (error) => toast(error.message),
  );
}

/** @param {Record<"session"|"receipt", string>} values */
async function open({ session, receipt }) {
  const uid = session.trim().toLowerCase();
  keepReceipt(uid, receipt.trim());
  await readSession(isUid(uid) ? uid : "00000000-0000-0000-0000-000000000000").catch((error) => {
    forgetReceipt(uid);
    throw error;
  });
  location.assign(addressOf(uid));
}

function showOpened() {
  const links = openedHere().map((uid) => el("li", {}, el("a", { href: addressOf(uid) }, uid)));
  byId("opened-list").replaceChildren(...links);
  byId("opened").hidden = links.length === 0;
}

/** @param {User} user */
function start({ role }) {
  admin = role === "admin";
  byId("filter-user-pair").hidden = !admin;
  showInFields(choiceOfAddress());
  show();
}

older.addEventListener("click", () => {
  const choice = choiceOfAddress();
  if (next) goOlder(addressOfChoice({ ...choice, cursor: next }), choice.cursor);
  show();
});
newer.addEventListener("click", () => {
  goNewer((cursor) => addressOfChoice({ ...choiceOfAddress(), cursor }));
  show();
});
newest.addEventListener("click", () => {
  history.pushState(null, "", addressOfChoice({ ...choiceOfAddress(), cursor: "" }));
  show();
});
compare.addEventListener("click", () => {
  location.assign(`${root}/sessions/compare?${new URLSearchParams([...chosen].map((uid) => ["uid", uid]))}`);
});
byId("choose-none").addEventListener("click", () => {
  chosen.clear();
  show();
});
byId("filters").addEventListener("submit", (event) => event.preventDefault());
byId("filters").addEventListener("input", afterPause(search, 300));
addEventListener("popstate", () => {
  showInFields(choiceOfAddress());
  show();
});
onSubmit(byId("receipt-form", HTMLFormElement), open);
showOpened();
forSignedIn(["mine"], start);
byReceipt.hidden = !byId("mine").hidden;
