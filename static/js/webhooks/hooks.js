// The webhooks of who is signed in: listed, made, tried, turned off and on, deleted.
import { call, command } from "../core/api.js";
import { confirmed, sure } from "../core/dialog.js";
import { byId, el } from "../core/dom.js";
import { attempt, showFailure } from "../core/failures.js";
import { onSubmit } from "../core/forms.js";
import { copyText } from "../core/keep.js";
import { toast } from "../core/shell.js";
import { rowHead } from "../core/tables.js";
import { ago, counted, dateTime, t } from "../core/texts.js";
import { deliveriesOf, hideDeliveriesOf, showDeliveries } from "./deliveries.js";
import { act, actionsCell, onOrOff, refill } from "./rows.js";

/** @import { Webhook } from "./types.js" */

const COLUMNS = ["address", "events", "state", "delivered", "actions"];
const form = byId("hooks-form", HTMLFormElement);

/** Show the webhooks of who is signed in. */
export async function startHooks() {
  await attempt(show, (error) => showFailure(error.message, "hooks-failed"));
}

async function show() {
  /** @type {{webhooks: Webhook[]}} */
  const { webhooks } = await call("/webhooks");
  byId("hooks-none").hidden = webhooks.length > 0;
  byId("hooks-list").hidden = webhooks.length === 0;
  const heads = COLUMNS.map((name) => t(`hooks.column.${name}`));
  refill(byId("hooks-rows"), t("hooks.caption"), heads, webhooks.map(row));
}

/** @param {Webhook} hook */
function row(hook) {
  const { id, url, description, events, last_delivered_at: delivered } = hook;
  const time = delivered && el("time", { datetime: delivered, title: dateTime(delivered) }, ago(delivered));
  return el(
    "tr",
    { data: { id } },
    rowHead(el("div", { class: "address" }, url, description && el("div", { class: "faint" }, description))),
    el("td", {}, events.map((event) => t(`hooks.event.${event}`)).join(", ")),
    el("td", {}, state(hook)),
    el("td", {}, time || t("hooks.never")),
    actionsCell(url, actionsOf(hook)),
  );
}

/** @param {Webhook} hook */
function state({ active, failures, disabled_reason: reason }) {
  if (!active) return el("span", { class: "pill", data: { state: "off" } }, t(`hooks.off.${reason}`));
  return failures ? counted("hooks.failing", failures) : t("hooks.on");
}

/**
 * @param {Webhook} hook
 * @returns {[string, () => void][]}
 */
function actionsOf(hook) {
  const test = () => act(() => tryOut(hook));
  return [
    [t("hooks.deliveries"), () => showDeliveries(hook)],
    .../** @type {[string, () => void][]} */ (hook.active ? [[t("hooks.test"), test]] : []),
    [onOrOff(hook.active), () => act(() => turn(hook))],
    [t("hooks.delete"), () => act(() => remove(hook))],
  ];
}

/** @param {Webhook} hook */
async function tryOut(hook) {
  await command(`/webhooks/${hook.id}/test`, { method: "POST" });
  toast(t("hooks.tested"));
  await deliveriesOf(hook);
}

/** @param {Webhook} hook */
async function turn({ id, active }) {
  await call(`/webhooks/${id}`, { method: "PATCH", json: { active: !active } });
  toast(t(active ? "hooks.turned_off" : "hooks.turned_on"));
  await show();
}

/** @param {Webhook} hook */
async function remove(hook) {
  if (!(await sure(t("hooks.delete"), t("hooks.ask", { name: hook.url })))) return;
  await command(`/webhooks/${hook.id}`, { method: "DELETE" });
  toast(t("hooks.deleted"));
  hideDeliveriesOf(hook);
  await show();
  byId("hook-url").focus();
}

/** @param {Record<"url"|"description", string>} values */
async function create({ url, description }) {
  const events = new FormData(form).getAll("event");
  /** @type {{secret: string}} */
  const { secret } = await call("/webhooks", { method: "POST", json: { url, events, description } });
  form.reset();
  byId("secret-text").textContent = secret;
  const closed = confirmed(byId("secret-dialog", HTMLDialogElement));
  await show();
  await closed;
  byId("secret-text").textContent = "";
}

async function copy() {
  await copyText(byId("secret-text").textContent ?? "");
  toast(t("hooks.copied"));
}

onSubmit(form, create, "hook-refused");
byId("secret-copy").addEventListener("click", copy);
