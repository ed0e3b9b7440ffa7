// One's account: the password, everything that is held, and the end of it.
import { call, download } from "../core/api.js";
import { confirmed } from "../core/dialog.js";
import { byId } from "../core/dom.js";
import { onSubmit } from "../core/forms.js";
import { ApiError } from "../core/http.js";
import { session } from "../core/session.js";
import { toast } from "../core/shell.js";
import { forSignedIn } from "../core/signed-in.js";
import { dateTime, t } from "../core/texts.js";

async function start() {
  const { username } = session.user;
  byId("name").textContent = username;
  byId("username").value = username;
  await trying(async () => {
    const me = await call("/auth/users/me");
    byId("since").textContent = t("profile.since", { date: dateTime(me.created_at, { dateStyle: "long" }) });
  });
}

/** @param {() => Promise<void>} action */
async function trying(action) {
  try {
    await action();
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    toast(error.message);
  }
}

async function changePassword(values) {
  const { current_password, new_password } = values;
  await call("/auth/users/me/password", { method: "PUT", json: { current_password, new_password } });
  byId("form").reset();
  byId("username").value = session.user.username;
  toast(t("profile.changed"));
}

async function remove() {
  byId("confirm-name").value = "";
  byId("confirm-delete").disabled = true;
  if (!(await confirmed(byId("delete-dialog")))) return;
  await call("/auth/users/me", { method: "DELETE" });
  session.end();
  location.assign("/");
}

async function signOut() {
  await session.signOut();
  location.assign("/");
}

onSubmit(byId("form"), changePassword);
byId("export").addEventListener("click", () => trying(() => download("/auth/users/me/export", {}, `visionai-${session.user.username}.json`)));
byId("delete").addEventListener("click", () => trying(remove));
byId("sign-out").addEventListener("click", () => trying(signOut));
byId("confirm-name").addEventListener("input", ({ target }) => {
  byId("confirm-delete").disabled = target.value !== session.user?.username;
});
forSignedIn(["profile"], start);
