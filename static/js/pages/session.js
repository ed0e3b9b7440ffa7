// One recorded session: what it is, its people over time, its markers; written on where it stands.

import { confirmed } from "../core/dialog.js";
import { byId, showOnly } from "../core/dom.js";
import { attempt, showFailure, whileDisabled } from "../core/failures.js";
import { onSubmit } from "../core/forms.js";
import { ApiError } from "../core/http.js";
import { root } from "../core/root.js";
import { session as login } from "../core/session.js";
import { toast } from "../core/shell.js";
import { t } from "../core/texts.js";
import { addMarker, deleteMarker, deleteSession, editSession, exportSession } from "../sessions/api.js";
import { showFacts } from "../sessions/facts.js";
import { orNull, writtenHere } from "../sessions/inline.js";
import { showMarkers } from "../sessions/markers.js";
import { momentOf } from "../sessions/moments.js";
import { opened, readWhole } from "../sessions/opening.js";
import { showPeople } from "../sessions/people.js";
import { forgetReceipt, receiptOf } from "../sessions/receipts.js";
import { uidOfAddress } from "../sessions/uids.js";
import { spanOf, titleOf } from "../sessions/words.js";
import { loadTimeline } from "../timeline/load.js";
import { clockText } from "../timeline/scale.js";
import { SessionTimeline } from "../timeline/session-timeline.js";

/** @import { Marker, Span, TimelineAnswer } from "../timeline/types.js" */
/** @import { Person, Session } from "../sessions/types.js" */

const EVERY = 5000;
const uid = uidOfAddress();
const views = { session: byId("session"), missing: byId("missing"), failed: byId("failed") };
const texts = {
  title: byId("title", HTMLInputElement),
  participant: byId("participant", HTMLInputElement),
  notes: byId("notes", HTMLTextAreaElement),
};
const moment = byId("offset_ms", HTMLInputElement);
const form = byId("marker-form", HTMLFormElement);
const shown = new SessionTimeline(byId("timeline"), { load });
let timeline = /** @type {TimelineAnswer|null} */ (null);
let recorded = /** @type {Session|null} */ (null);

/** @param {Span} [span] */
function load(span) {
  return loadTimeline(uid, { receipt: receiptOf(uid), span });
}

function refresh() {
  return showWhole(readWhole());
}

/** @param {ReturnType<typeof readWhole>} whole */
async function showWhole(whole) {
  await attempt(async () => {
    [recorded, timeline] = await whole;
    show(recorded);
  }, fail);
}

/** @param {ApiError} error */
function fail(error) {
  if (recorded && error.status !== 404) return toast(error.message);
  if (error.status === 404) return showOnly(views, "missing");
  showFailure(error.message);
  showOnly(views, "failed");
}

/** @param {Session} now */
function show(now) {
  recorded = now;
  showOnly(views, "session");
  document.title = `${titleOf(now)} · VisionAI`;
  for (const [name, field] of Object.entries(texts)) {
    if (field !== document.activeElement) field.value = now[/** @type {"title"|"participant"|"notes"} */ (name)] ?? "";
  }
  texts.title.placeholder = titleOf({ ...now, title: null });
  showFacts(now);
  showPeople(now, label);
  showMarkers(now.markers, { go, remove: removeMarker });
  byId("labels").replaceChildren(
    ...now.people.map(({ label: name }) => new Option(name ?? "")).filter(({ value }) => value),
  );
  if (timeline) shown.show({ ...timeline, markers: now.markers, gaps: now.gaps }, spanOf(now));
}

/**
 * Save what was written, and show the session as it is then.
 * @param {Parameters<typeof editSession>[1]} changes
 */
async function save(changes) {
  show(await editSession(uid, changes));
  toast(t("sessions.saved"));
}

/**
 * Give a lane another label; people with the same one become one lane.
 * @param {Person} person
 * @param {string} text
 */
async function label({ persons }, text) {
  await editSession(uid, { people: persons.map((person) => ({ person, label: orNull(text) })) });
  toast(t("sessions.saved"));
  await refresh();
}

/** @param {Marker} marker */
function go({ offset_ms: at }) {
  shown.choose(at);
  byId("timeline").scrollIntoView({ block: "nearest" });
}

/** @param {Marker} marker */
function removeMarker({ id }) {
  return attempt(
    async () => {
      await deleteMarker(uid, id);
      await refresh();
    },
    (error) => toast(error.message),
  );
}

/** @param {Record<"offset_ms"|"label", string>} values */
async function mark(values) {
  const at = momentOf(values.offset_ms);
  if (at === null) throw new ApiError(422, "validation_failed", "", { offset_ms: [t("session.moment_form")] });
  // Within the second that was chosen, nothing is more exact than its beginning.
  await addMarker(uid, at, values.label);
  form.reset();
  await refresh();
}

async function remove() {
  byId("delete-name").textContent = recorded ? titleOf(recorded) : "";
  if (!(await confirmed(byId("delete-dialog", HTMLDialogElement)))) return;
  await attempt(
    async () => {
      await deleteSession(uid);
      forgetReceipt(uid);
      location.assign(`${root}/sessions`);
    },
    (error) => toast(error.message),
  );
}

/** While the session is open, what is shown follows it. */
function follow() {
  if (recorded?.status === "open" && !document.hidden) refresh();
}

for (const [name, field] of Object.entries(texts)) writtenHere(field, (text) => save({ [name]: orNull(text) }));
for (const format of /** @type {const} */ (["csv", "json"])) {
  const button = byId(`export-${format}`, HTMLButtonElement);
  button.addEventListener("click", () => {
    whileDisabled(button, () =>
      attempt(
        () => exportSession(uid, format),
        (error) => toast(error.message),
      ),
    );
  });
}
shown.addEventListener("moment", () => {
  moment.value = clockText(shown.moment ?? 0);
});
byId("delete").addEventListener("click", remove);
onSubmit(form, mark);
setInterval(follow, EVERY);
login.addEventListener("change", refresh);
showWhole(opened);
