// The users: found, made, promoted, shut out, given another password.
import { startList } from "../admin/list.js";
import { forAdmins } from "../admin/only-admins.js";
import { usersTable } from "../admin/users-table.js";
import { call } from "../core/api.js";
import { confirmed, sure } from "../core/dialog.js";
import { byId } from "../core/dom.js";
import { attempt } from "../core/failures.js";
import { onSubmit } from "../core/forms.js";
import { copyText } from "../core/keep.js";
import { toast } from "../core/shell.js";
import { counted, t } from "../core/texts.js";

/**
 * @import { Issued, ListedUser, UsersPage } from "../admin/types.js"
 * @import { Action } from "../admin/users-table.js"
 * @import { Query } from "../core/http.js"
 */

const USERS = "/admin/users";
const CHANGES = /** @type {const} */ ({
  promote: { role: "admin" },
  demote: { role: "user" },
  activate: { is_active: true },
  deactivate: { is_active: false },
});
const form = byId("new", HTMLFormElement);

const list = startList(["q"], (count) => counted("users.shown", count), fill);

/** @param {Query} query */
async function fill(query) {
  /** @type {UsersPage} */
  const page = await call(USERS, { query });
  usersTable(page.users, act);
  return page;
}

/**
 * @param {ListedUser} user
 * @param {Action} action
 */
async function act(user, action) {
  const name = user.username;
  if (action !== "activate" && !(await sure(t(`users.${action}`), t(`users.ask.${action}`, { name })))) return;
  await attempt(
    async () => {
      if (action === "reset") await reset(user);
      else await change(user, CHANGES[action]);
      await list.show();
      focusOn(user);
    },
    (error) => toast(error.message),
  );
}

/** @param {ListedUser} user */
async function reset(user) {
  await showIssued(await call(`${USERS}/${user.user_id}/password`, { method: "POST" }));
}

/**
 * @param {ListedUser} user
 * @param {{role?: string, is_active?: boolean}} changes
 */
async function change(user, changes) {
  await call(`${USERS}/${user.user_id}`, { method: "PATCH", json: changes });
  toast(t("users.saved"));
}

/**
 * The table is new: go back to where somebody was in it.
 * @param {ListedUser} user
 */
function focusOn(user) {
  const button = document.querySelector(`[data-user="${user.user_id}"] button`);
  if (button instanceof HTMLElement) button.focus();
}

/** @param {Issued} issued */
async function showIssued({ username, password }) {
  byId("issued-name").textContent = username;
  byId("issued-password").textContent = password;
  await confirmed(byId("issued-dialog", HTMLDialogElement));
  byId("issued-password").textContent = "";
}

/** @param {Record<string, string>} values */
async function create({ username, admin }) {
  /** @type {Issued} */
  const issued = await call(USERS, { method: "POST", json: { username, role: admin ? "admin" : "user" } });
  form.reset();
  await showIssued(issued);
  await list.show();
}

async function copy() {
  await copyText(byId("issued-password").textContent ?? "");
  toast(t("users.copied"));
}

onSubmit(form, create);
byId("issued-copy").addEventListener("click", copy);
forAdmins(list.start);
