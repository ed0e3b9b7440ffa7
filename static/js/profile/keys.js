// The card of keys for programs: listed, made, shown once, revoked.
import { call, command } from "../core/api.js";
import { confirmed, sure } from "../core/dialog.js";
import { byId, el } from "../core/dom.js";
import { attempt, hideFailure, showFailure } from "../core/failures.js";
import { onSend } from "../core/forms.js";
import { copyText } from "../core/keep.js";
import { toast } from "../core/shell.js";
import { fillTable, rowButton, rowHead } from "../core/tables.js";
import { ago, dateTime, t } from "../core/texts.js";

/**
 * @import { User } from "../core/session.js"
 *
 * @typedef {object} Key
 * @property {string} id
 * @property {string} name
 * @property {string[]} scopes
 * @property {string|null} expires_at
 * @property {string|null} last_used_at
 * @property {string|null} revoked_at
 */

const FAILED = "keys-failed";
const form = byId("keys-form", HTMLFormElement);

/**
 * Show the keys of who is signed in.
 * @param {User} user
 */
export async function startKeys(user) {
  byId("keys-admin").hidden = user.role !== "admin";
  await attempt(show, (error) => showFailure(error.message, FAILED));
}

async function show() {
  /** @type {{keys: Key[]}} */
  const { keys } = await call("/keys");
  const standing = keys.filter((key) => key.revoked_at === null);
  byId("keys-none").hidden = standing.length > 0;
  byId("keys-list").hidden = standing.length === 0;
  const heads = ["name", "scopes", "used", "ends", "actions"].map((name) => ({ text: t(`keys.column.${name}`) }));
  fillTable(byId("keys-rows"), heads, standing.map(row), t("keys.caption"));
}

/** @param {Key} key */
function row(key) {
  return el(
    "tr",
    { data: { key: key.id } },
    rowHead(key.name),
    el("td", {}, key.scopes.map((scope) => t(`keys.scope.${scope}`)).join(", ")),
    el("td", {}, key.last_used_at ? ago(key.last_used_at) : t("keys.never")),
    el("td", {}, end(key)),
    el(
      "td",
      {},
      rowButton(t("keys.revoke"), key.name, () => revoke(key)),
    ),
  );
}

/** @param {Key} key */
function end({ expires_at: moment }) {
  if (moment === null) return t("keys.never");
  return Date.parse(moment) > Date.now() ? dateTime(moment, { dateStyle: "medium" }) : t("keys.expired");
}

/** @param {Key} key */
async function revoke({ id, name }) {
  if (!(await sure(t("keys.revoke"), t("keys.ask", { name })))) return;
  await attempt(
    async () => {
      await command(`/keys/${id}`, { method: "DELETE" });
      toast(t("keys.revoked"));
      await show();
      byId("key-name").focus();
    },
    (error) => toast(error.message),
  );
}

async function create() {
  hideFailure(FAILED);
  /** @type {{key: string}} */
  const { key } = await call("/keys", { method: "POST", json: wanted() });
  form.reset();
  byId("key-text").textContent = key;
  const closed = confirmed(byId("key-dialog", HTMLDialogElement));
  await show();
  await closed;
  byId("key-text").textContent = "";
}

/** What the form asks for; a field that is empty is left out, a day is all of it. */
function wanted() {
  const values = new FormData(form);
  const [name, day, rate, quota] = ["name", "expires_at", "rate", "daily_quota"].map((one) => String(values.get(one)));
  return {
    name,
    scopes: values.getAll("scope"),
    ...(day && { expires_at: new Date(`${day}T23:59:59`).toISOString() }),
    ...(rate && { rate: Number(rate) }),
    ...(quota && { daily_quota: Number(quota) }),
  };
}

async function copy() {
  await copyText(byId("key-text").textContent ?? "");
  toast(t("keys.copied"));
}

onSend(form, () => attempt(create, (error) => showFailure(error.message, FAILED)));
byId("key-copy").addEventListener("click", copy);
