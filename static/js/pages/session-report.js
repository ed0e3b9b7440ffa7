// One recorded session on paper, and the same as one file that needs nothing else.

import { byId, el } from "../core/dom.js";
import { BY_VALENCE } from "../core/emotions.js";
import { attempt, showFailure } from "../core/failures.js";
import { saveFile } from "../core/keep.js";
import { session as login } from "../core/session.js";
import { fillTable, numberCell, numbers, percentOrNothing, rowHead } from "../core/tables.js";
import { dateTime, emotionName, number, t } from "../core/texts.js";
import { readSession } from "../sessions/api.js";
import { showFacts, TIME_ZONE } from "../sessions/facts.js";
import { receiptOf } from "../sessions/receipts.js";
import { reportFile } from "../sessions/report-file.js";
import { uidOfAddress } from "../sessions/uids.js";
import { personName, spanOf, titleOf } from "../sessions/words.js";
import { loadTimeline } from "../timeline/load.js";
import { clockText } from "../timeline/scale.js";
import { SessionTimeline } from "../timeline/session-timeline.js";

/** @import { Person, Session } from "../sessions/types.js" */

const uid = uidOfAddress();
const timeline = new SessionTimeline(byId("timeline"), { zoom: false });

async function show() {
  await attempt(
    async () => {
      const receipt = receiptOf(uid);
      const [session, points] = await Promise.all([readSession(uid), loadTimeline(uid, { receipt })]);
      byId("missing").hidden = true;
      byId("sheet").hidden = false;
      byId("actions").hidden = false;
      fill(session);
      timeline.show(points, spanOf(session));
    },
    (error) => {
      if (error.status === 404) byId("missing").hidden = false;
      else showFailure(error.message);
    },
  );
}

/** @param {Session} session */
function fill(session) {
  document.title = `${titleOf(session)} · VisionAI`;
  byId("sheet-title").textContent = titleOf(session);
  byId("sheet-about").textContent = aboutOf(session);
  byId("sheet-made").textContent = t("report.made", { date: dateTime(Date.now()) });
  byId("notes").textContent = session.notes ?? "";
  byId("notes-section").hidden = session.notes === null;
  showFacts(session);
  peopleTable(session);
  markersTable(session);
}

/** @param {Session} session */
function aboutOf({ participant, started_at: from, ended_at: until }) {
  const format = new Intl.DateTimeFormat(document.documentElement.lang, { dateStyle: "long", timeStyle: "short" });
  const period = until ? format.formatRange(new Date(from), new Date(until)) : format.format(new Date(from));
  return [participant && t("report.participant", { name: participant }), `${period} (${TIME_ZONE})`]
    .filter(Boolean)
    .join(" · ");
}

/** @param {Session} session */
function peopleTable({ people }) {
  const heads = [{ text: t("column.person") }, numbers(t("column.seconds"))];
  const shares = BY_VALENCE.map((name) => numbers(emotionName(name)));
  const rows = people.map((person) => el("tr", {}, ...cellsOf(person)));
  fillTable(byId("people"), [...heads, ...shares, numbers(t("timeline.uncertain"))], rows);
  byId("people-section").hidden = people.length === 0;
}

/** @param {Person} person */
function cellsOf(person) {
  return [
    rowHead(personName(person)),
    numberCell(number(person.seconds)),
    ...BY_VALENCE.map((name) => numberCell(percentOrNothing(person.shares?.[name] ?? null))),
    numberCell(percentOrNothing(person.uncertain_share)),
  ];
}

/** @param {Session} session */
function markersTable({ markers }) {
  const rows = markers.map(({ offset_ms: at, label }) => el("tr", {}, rowHead(clockText(at)), el("td", {}, label)));
  fillTable(byId("markers"), [{ text: t("column.time") }, { text: t("report.label") }], rows);
  byId("markers-section").hidden = markers.length === 0;
}

byId("print").addEventListener("click", () => print());
byId("keep").addEventListener("click", () => {
  saveFile(reportFile(byId("sheet"), document.title), `visionai-report-${uid}.html`);
});
login.addEventListener("change", show);
show();
