// What a session is, in a list of facts: when, how long, from what, how sure, read by which weights.
import { byId, el } from "../core/dom.js";
import { percentOrNothing } from "../core/tables.js";
import { dateTime, number, t } from "../core/texts.js";
import { clockText } from "../timeline/scale.js";
import { durationText, statusPill } from "./words.js";

/**
 * @import { Child } from "../core/dom.js"
 * @import { Session } from "./types.js"
 */

/** The name of the viewer's time zone. */
export const TIME_ZONE = Intl.DateTimeFormat().resolvedOptions().timeZone;

/** @param {Session} session */
export function showFacts(session) {
  byId("facts").replaceChildren(
    ...factsOf(session).flatMap(([name, value]) => [
      el("div", { class: "fact" }, el("dt", {}, name), el("dd", {}, ...[value].flat())),
    ]),
  );
}

/**
 * @param {Session} session
 * @returns {[string, Child|Child[]][]}
 */
export function factsOf(session) {
  return [
    [t("sessions.column.status"), statusPill(session)],
    [t("sessions.column.started"), dateTime(session.started_at, { dateStyle: "long", timeStyle: "medium" })],
    [
      t("session.ended_at"),
      session.ended_at ? dateTime(session.ended_at, { dateStyle: "long", timeStyle: "medium" }) : "–",
    ],
    [t("session.zone"), TIME_ZONE],
    [t("sessions.column.length"), durationText(session)],
    [t("session.source"), t(`session.source.${session.source}`)],
    [t("sessions.column.people"), number(session.people_count)],
    [t("session.person_seconds"), number(session.seconds)],
    [t("session.uncertain_share"), percentOrNothing(session.uncertain_share)],
    [t("session.gaps"), gapsText(session)],
    [t("session.versions"), session.model_versions.join(", ") || "–"],
  ];
}

/** @param {Session} session */
function gapsText({ gaps }) {
  if (!gaps.length) return t("session.no_gaps");
  const total = gaps.reduce((sum, [from, until]) => sum + until - from, 0);
  const where = gaps.slice(0, 5).map(([from, until]) => `${clockText(from)}–${clockText(until)}`);
  const text = t("session.gaps_text", { time: clockText(total), where: where.join(", ") });
  return gaps.length > where.length ? `${text}…` : text;
}
