// A user's history: sessions as groups, and between them tables of the pictures that were read alone.
import { byId, el } from "../core/dom.js";
import { emotionTag, fillTable, numberCell, numbers } from "../core/tables.js";
import { counted, dateTime, percent, t } from "../core/texts.js";
import { addressOf } from "./uids.js";
import { durationText, statusPill, titleOf } from "./words.js";

/**
 * @import { HistoryEntry, ListedSession, Picture } from "./types.js"
 */

/** @param {HistoryEntry[]} entries newest first */
export function showHistory(entries) {
  const groups = /** @type {(ListedSession|Picture[])[]} */ ([]);
  for (const { session, picture } of entries) {
    const last = groups.at(-1);
    if (session) groups.push(session);
    else if (picture && Array.isArray(last)) last.push(picture);
    else if (picture) groups.push([picture]);
  }
  byId("rows").replaceChildren(...groups.map((group) => (Array.isArray(group) ? pictures(group) : sessionRow(group))));
}

/** @param {ListedSession} session */
function sessionRow(session) {
  const about = [
    session.participant,
    dateTime(session.started_at),
    durationText(session),
    counted("history.people", session.people_count),
  ];
  const title = el("a", { href: addressOf(session.uid), class: "wrap" }, titleOf(session));
  const time = el("time", { class: "faint wrap", datetime: session.started_at }, about.filter(Boolean).join(" · "));
  return el(
    "li",
    { class: "history-session", data: { uid: session.uid } },
    el("h3", {}, title),
    time,
    statusPill(session),
  );
}

/** @param {Picture[]} some */
function pictures(some) {
  const table = el("table", { class: "table" });
  const heads = [{ text: t("column.time") }, { text: t("column.emotion") }, numbers(t("column.confidence"))];
  fillTable(table, heads, some.map(row), t("history.pictures"));
  return el("li", { class: "history-pictures" }, table);
}

/** @param {Picture} picture */
function row({ id, timestamp, emotion, confidence, uncertain }) {
  const time = el("time", { datetime: timestamp }, dateTime(timestamp, { dateStyle: "medium", timeStyle: "medium" }));
  const unsure = uncertain ? el("span", { class: "faint" }, ` ? ${t("timeline.unsure")}`) : null;
  return el(
    "tr",
    { data: { id } },
    el("td", {}, time),
    el("td", {}, emotionTag(emotion), unsure),
    numberCell(percent(confidence)),
  );
}
