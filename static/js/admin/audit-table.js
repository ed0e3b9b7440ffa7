// The table of the audit log. Names and details only ever stand in it as text.
import { byId, el } from "../core/dom.js";
import { fillTable, NOTHING } from "../core/tables.js";
import { dateTime, t } from "../core/texts.js";

/** @import { Entry } from "./types.js" */

/** @param {Entry[]} entries */
export function auditTable(entries) {
  const heads = [
    { text: t("column.time") },
    { text: t("audit.column.action") },
    { text: t("audit.column.who") },
    { text: t("audit.column.target") },
    { text: t("column.address") },
    { text: t("audit.column.details") },
  ];
  fillTable(byId("rows"), heads, entries.map(row), t("audit.caption"));
}

/** @param {Entry} entry */
function row(entry) {
  const when = dateTime(entry.timestamp, { dateStyle: "medium", timeStyle: "medium" });
  return el(
    "tr",
    { data: { action: entry.action } },
    el("td", {}, el("time", { datetime: entry.timestamp }, when)),
    el("td", { title: entry.action }, t(`audit.action.${entry.action}`)),
    el("td", {}, who(entry.actor)),
    el("td", { class: "details" }, onWhat(entry.target)),
    el("td", {}, entry.source_ip ?? NOTHING),
    el("td", { class: "details" }, facts(entry.details)),
  );
}

/** @param {Entry["actor"]} actor */
function who({ kind, user_id: id, username }) {
  if (kind !== "user") return t(`audit.actor.${kind}`);
  return username ?? t("audit.erased", { id: id ?? NOTHING });
}

/** @param {Entry["target"]} target */
function onWhat(target) {
  if (target === null) return NOTHING;
  if (target.kind === "user" && target.username === null) return t("audit.erased", { id: target.id });
  return t(`audit.target.${target.kind}`, { name: target.username ?? target.id });
}

/** @param {Entry["details"]} details */
function facts(details) {
  return (
    Object.entries(details)
      .map(([name, value]) => `${name}: ${value}`)
      .join(", ") || NOTHING
  );
}
