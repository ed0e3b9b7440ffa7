// One's account: the password, everything that is held, and the end of it.
import { call, command, download } from "../core/api.js";
import { confirmed } from "../core/dialog.js";
import { byId } from "../core/dom.js";
import { attempt } from "../core/failures.js";
import { onSubmit } from "../core/forms.js";
import { root } from "../core/root.js";
import { session } from "../core/session.js";
import { toast } from "../core/shell.js";
import { forSignedIn } from "../core/signed-in.js";
import { dateTime, t } from "../core/texts.js";
import { startKeys } from "../profile/keys.js";

/** @import { User } from "../core/session.js" */

const form = byId("form", HTMLFormElement);
const username = byId("username", HTMLInputElement);
const confirmName = byId("confirm-name", HTMLInputElement);
const confirmDelete = byId("confirm-delete", HTMLButtonElement);

/** @param {User} user */
async function start(user) {
  byId("name").textContent = user.username;
  username.value = user.username;
  await trying(async () => {
    /** @type {{created_at: string}} */
    const me = await call("/auth/users/me");
    byId("since").textContent = t("profile.since", { date: dateTime(me.created_at, { dateStyle: "long" }) });
  });
  await startKeys(user);
}

/** @param {() => Promise<void>} action */
function trying(action) {
  return attempt(action, (error) => toast(error.message));
}

/** @param {Record<"current_password"|"new_password", string>} values */
async function changePassword({ current_password, new_password }) {
  await command("/auth/users/me/password", { method: "PUT", json: { current_password, new_password } });
  const { value } = username;
  form.reset();
  username.value = value;
  toast(t("profile.changed"));
}

async function remove() {
  confirmName.value = "";
  confirmDelete.disabled = true;
  if (!(await confirmed(byId("delete-dialog", HTMLDialogElement)))) return;
  await command("/auth/users/me", { method: "DELETE" });
  session.end();
  location.assign(`${root}/`);
}

async function signOut() {
  await session.signOut();
  location.assign(`${root}/`);
}

function exportAll() {
  return download("/auth/users/me/export", {}, `visionai-${username.value}.json`);
}

onSubmit(form, changePassword);
byId("export").addEventListener("click", () => trying(exportAll));
byId("delete").addEventListener("click", () => trying(remove));
byId("sign-out").addEventListener("click", () => trying(signOut));
confirmName.addEventListener("input", () => {
  confirmDelete.disabled = confirmName.value !== username.value;
});
forSignedIn(["profile"], start);
