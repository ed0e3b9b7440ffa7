// The state of the server and its retention, as figures and facts.
import { byId, el } from "../core/dom.js";
import { fillTable, NOTHING, rowHead } from "../core/tables.js";
import { ago, counted, dateTime, locale, number, t } from "../core/texts.js";

/** @import { Retention, Rule, Status } from "./types.js" */

/** Beyond this the API counts no further. */
const MOST_COUNTED = 100_000;
const UNITS = /** @type {const} */ (["byte", "kilobyte", "megabyte", "gigabyte", "terabyte"]);

/** @param {Status} status */
export function showState(status) {
  const { inference, recorder } = status;
  byId("state").dataset.state = status.status === "healthy" ? "on" : "off";
  setText("state", t(`admin.state.${status.status}`));
  setText("waiting", part(inference.waiting, inference.queue));
  setText("busy", part(inference.busy_threads, inference.threads));
  setText("backlog", number(recorder.backlog));
  setText("clients", number(status.clients_connected));
  setText("processes", number(status.processes));
  byId("facts").replaceChildren(...facts(status).flatMap(([name, value]) => [el("dt", {}, name), el("dd", {}, value)]));
}

/**
 * Set a text only where it changed: screen readers announce what is written anew.
 * @param {string} id
 * @param {string} text
 */
function setText(id, text) {
  const node = byId(id);
  if (node.textContent !== text) node.textContent = text;
}

/**
 * @param {Status} status
 * @returns {[string, string][]}
 */
function facts({ version, process, started_at: started, inference, recorder, disk, database }) {
  const states = { ok: t("admin.ok"), unavailable: t("admin.unavailable") };
  return [
    [t("admin.version"), version],
    [t("admin.process"), String(process)],
    [t("admin.started"), ago(started)],
    [t("admin.weights"), inference.model_version_tag ?? NOTHING],
    [t("admin.lost_threads"), number(inference.lost_threads)],
    [t("admin.set_aside"), number(recorder.set_aside)],
    [t("admin.database"), `${database.kind}: ${states[database.state]}`],
    [t("admin.revision"), revision(database)],
    [t("admin.size"), database.size_bytes === null ? NOTHING : bytes(database.size_bytes)],
    [t("admin.disk"), t("admin.of", { part: bytes(disk.free_bytes), whole: bytes(disk.total_bytes) })],
  ];
}

/** @param {Status["database"]} database */
function revision({ revision: found, expected }) {
  if (found === null) return NOTHING;
  return found === expected ? found : t("admin.revision_behind", { revision: found, expected: expected ?? NOTHING });
}

/**
 * @param {number} some
 * @param {number} all
 */
function part(some, all) {
  return t("admin.of", { part: number(some), whole: number(all) });
}

/** @param {number} count */
function bytes(count) {
  const size = Math.min(UNITS.length - 1, Math.floor(Math.log10(Math.max(1, count)) / 3));
  const options = /** @type {const} */ ({ style: "unit", unit: UNITS[size], maximumFractionDigits: 1 });
  return new Intl.NumberFormat(locale, options).format(count / 1000 ** size);
}

/** @param {Retention} retention */
export function showRetention(retention) {
  const heads = ["what", "kept", "due"].map((name) => ({ text: t(`retention.column.${name}`) }));
  const rows = Object.entries(retention).map(([name, rule]) =>
    el("tr", {}, rowHead(t(`retention.${name}`)), el("td", {}, kept(rule)), el("td", {}, due(rule))),
  );
  fillTable(byId("retention"), heads, rows);
}

/** @param {Rule} rule */
function kept({ days }) {
  return days ? counted("retention.days", days) : t("retention.for_ever");
}

/** @param {Rule} rule */
function due({ before, rows }) {
  if (before === null) return NOTHING;
  const count = rows < MOST_COUNTED ? number(rows) : t("retention.at_least", { count: number(rows) });
  return `${count} (< ${dateTime(before)})`;
}
