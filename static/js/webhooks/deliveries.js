// The deliveries of one webhook, a page at a time; the newest are asked for again while some are on their way.
import { call } from "../core/api.js";
import { byId, el } from "../core/dom.js";
import { attempt, hideFailure, showFailure } from "../core/failures.js";
import { toast } from "../core/shell.js";
import { NOTHING, rowHead } from "../core/tables.js";
import { dateTime, number, t } from "../core/texts.js";
import { act, actionsCell, refill } from "./rows.js";

/** @import { Deliveries, Delivery, Webhook } from "./types.js" */

const COLUMNS = ["time", "event", "state", "answer", "tries", "took", "next", "actions"];
const PAGE = 20;
const AGAIN_MS = 1500;
const SOON_MS = 60_000;
const FAILED = "deliveries-failed";
const newest = byId("deliveries-newest", HTMLButtonElement);
const older = byId("deliveries-older", HTMLButtonElement);

/** @type {Webhook|null} */
let shown = null;
/** @type {string|null} */
let cursor = null;
/** @type {string|null} */
let next = null;
let timer = 0;

/**
 * Show the deliveries of a webhook and go there.
 * @param {Webhook} hook
 */
export async function showDeliveries(hook) {
  await deliveriesOf(hook);
  byId("deliveries-title").focus();
}

/**
 * Show the newest deliveries of a webhook.
 * @param {Webhook} hook
 */
export function deliveriesOf(hook) {
  shown = hook;
  byId("deliveries-of").textContent = hook.url;
  byId("deliveries").hidden = false;
  return show(null);
}

/**
 * Show no deliveries of a webhook that is gone.
 * @param {Webhook} hook
 */
export function hideDeliveriesOf(hook) {
  if (shown?.id === hook.id) close();
}

function close() {
  clearTimeout(timer);
  shown = null;
  byId("deliveries").hidden = true;
}

/** @param {string|null} from the cursor of the page */
function show(from) {
  cursor = from;
  return attempt(load, (error) => showFailure(error.message, FAILED));
}

async function load() {
  clearTimeout(timer);
  const [hook, from] = [shown, cursor];
  if (!hook) return;
  const query = { limit: PAGE, cursor: from ?? undefined };
  /** @type {Deliveries} */
  const { deliveries, next_cursor: following } = await call(`/webhooks/${hook.id}/deliveries`, { query });
  if (hook !== shown || from !== cursor) return;
  hideFailure(FAILED);
  next = following;
  fill(hook, deliveries);
  if (from === null && deliveries.some(isSoon)) timer = setTimeout(() => show(cursor), AGAIN_MS);
}

/**
 * @param {Webhook} hook
 * @param {Delivery[]} deliveries
 */
function fill(hook, deliveries) {
  byId("deliveries-list").hidden = deliveries.length === 0;
  const heads = COLUMNS.map((name) => t(`deliveries.column.${name}`));
  const rows = deliveries.map((one) => row(hook, one));
  refill(byId("deliveries-rows"), t("deliveries.caption"), heads, rows);
  newest.hidden = cursor === null;
  older.hidden = next === null;
  const latest = cursor === null ? status(deliveries) : "";
  if (byId("deliveries-status").textContent !== latest) byId("deliveries-status").textContent = latest;
}

/** @param {Delivery[]} deliveries */
function status([latest]) {
  if (!latest) return t("deliveries.none");
  const words = { event: t(`hooks.event.${latest.event}`), state: t(`deliveries.state.${latest.status}`) };
  return t("deliveries.latest", words);
}

/**
 * Whether something soon becomes of a delivery: one that is on its way is due again after the time that this takes.
 * @param {Delivery} delivery
 */
function isSoon({ next_try_at: moment }) {
  return moment !== null && Date.parse(moment) - Date.now() < SOON_MS;
}

/**
 * @param {Webhook} hook
 * @param {Delivery} delivery
 */
function row(hook, delivery) {
  const { id, created_at: created, event, status: state, tries, took_ms: took, next_try_at: moment } = delivery;
  /** @type {[string, () => void]} */
  const again = [t("deliveries.retry"), () => act(() => retry(hook, delivery))];
  return el(
    "tr",
    { data: { id, state } },
    rowHead(el("time", { datetime: created }, dateTime(created, { dateStyle: "medium", timeStyle: "medium" }))),
    el("td", {}, t(`hooks.event.${event}`)),
    el("td", {}, t(`deliveries.state.${state}`)),
    el("td", {}, answer(delivery)),
    el("td", { class: "number" }, number(tries)),
    el("td", { class: "number" }, took === null ? NOTHING : t("milliseconds", { ms: number(took) })),
    el("td", {}, moment ? el("time", { datetime: moment }, dateTime(moment)) : NOTHING),
    actionsCell(dateTime(created), hook.active ? [again] : []),
  );
}

/** @param {Delivery} delivery */
function answer({ error, last_status: code }) {
  const words = error === null ? null : t(`deliveries.error.${error}`);
  return [code, words].filter((part) => part !== null).join(" · ") || NOTHING;
}

/**
 * @param {Webhook} hook
 * @param {Delivery} delivery
 */
async function retry(hook, { id }) {
  await call(`/webhooks/${hook.id}/deliveries/${id}/retry`, { method: "POST" });
  toast(t("deliveries.retried"));
  await show(cursor);
}

byId("deliveries-close").addEventListener("click", close);
newest.addEventListener("click", () => show(null));
older.addEventListener("click", () => show(next));
