// Two to eight sessions over each other on one clock; which, from where and how fine is all in the address.
import { byId, el } from "../core/dom.js";
import { BY_VALENCE, isEmotion } from "../core/emotions.js";
import { attempt, hideFailure, showFailure } from "../core/failures.js";
import { ready } from "../core/ready.js";
import { session as login } from "../core/session.js";
import { dateTime, emotionName, t } from "../core/texts.js";
import { compareSessions, listSessions, readSession } from "../sessions/api.js";
import { compareTable } from "../sessions/compare-table.js";
import { agreementChart, lineChart } from "../sessions/lines.js";
import { agreementOf, commonMarkers, LETTERS, meansOf, spanOfAll } from "../sessions/means.js";
import { openedHere } from "../sessions/receipts.js";
import { addressOf, isUid } from "../sessions/uids.js";
import { titleOf } from "../sessions/words.js";
import { nameOf } from "../timeline/lane.js";
import { Scale } from "../timeline/scale.js";
import { SessionTimeline } from "../timeline/session-timeline.js";

/** @import { Comparison } from "../sessions/types.js" */

const [FEWEST, MOST, OFFERED] = [2, 8, 50];
const STEPS = ["auto", "1s", "10s", "1m"];
const align = byId("align", HTMLSelectElement);
const step = byId("step", HTMLSelectElement);
const expression = byId("expression", HTMLSelectElement);
const add = byId("add", HTMLSelectElement);
const lanes = new SessionTimeline(byId("lanes"));
let shown = /** @type {Comparison|null} */ (null);
let asked = 0;

/** What the address says. */
function choice() {
  const said = new URLSearchParams(location.search);
  const asStep = said.get("step") ?? "auto";
  const name = said.get("expression") ?? "";
  return {
    uids: [...new Set(said.getAll("uid").filter(isUid))].slice(0, MOST),
    align: said.get("align") ?? "start",
    step: STEPS.includes(asStep) ? asStep : "auto",
    expression: isEmotion(name) ? name : null,
  };
}

/** @param {Partial<ReturnType<typeof choice>>} changes */
function go(changes) {
  const { uids, align: from, step: fine, expression: name } = { ...choice(), ...changes };
  const said = new URLSearchParams(uids.map((uid) => ["uid", uid]));
  if (from !== "start") said.set("align", from);
  if (fine !== "auto") said.set("step", fine);
  if (name) said.set("expression", name);
  history.pushState(null, "", `?${said}`);
  return show();
}

async function show() {
  const { uids, align: from, step: fine } = choice();
  const mine = ++asked;
  hideFailure();
  byId("few").hidden = uids.length >= FEWEST;
  if (uids.length < FEWEST) return showOne(uids);
  await attempt(
    async () => {
      const comparison = await compareSessions(uids, from, fine);
      if (mine === asked) fill(comparison);
    },
    (error) => {
      showFailure(error.fields[0]?.[1] ?? error.message);
      byId("charts").hidden = true;
    },
  );
}

/**
 * Of a single session there is nothing to compare yet: say which it is.
 * @param {string[]} uids
 */
function showOne(uids) {
  shown = null;
  byId("charts").hidden = true;
  return attempt(
    async () => showChosen(await Promise.all(uids.map(readSession))),
    (error) => showFailure(error.message),
  );
}

/** @param {Comparison} comparison */
function fill(comparison) {
  shown = comparison;
  byId("charts").hidden = false;
  showChosen(comparison.sessions);
  fillChoices(comparison);
  const span = spanOfAll(comparison.sessions, comparison.step_seconds * 1000);
  lanes.show(together(comparison), span.until - span.from, span.from);
  draw();
}

/** Draw the lines of what is in view. */
function draw() {
  if (!shown) return;
  const { sessions, step_seconds: seconds } = shown;
  const name = choice().expression;
  const names = name ? [name] : BY_VALENCE;
  const width = byId("lines").clientWidth || 600;
  const columns = name || width < 640 ? 1 : 2;
  const scale = new Scale(lanes.view, Math.floor(width / columns) - (columns - 1) * 12);
  const means = sessions.map(meansOf);
  const agreement = agreementOf(sessions);
  byId("lines").replaceChildren(...names.map((one) => lineChart(one, means, seconds * 1000, scale)));
  byId("lines").classList.toggle("one", columns === 1);
  const wide = new Scale(lanes.view, Math.max(width, 280));
  byId("agreement").replaceChildren(agreementChart(agreement, seconds * 1000, wide));
  byId("agreement-card").hidden = agreement.length === 0;
  compareTable(names, means, agreement, seconds);
}

/**
 * All lanes on one clock, each with the letter of its session.
 * @param {Comparison} comparison
 */
function together({ sessions, step_seconds }) {
  const people = sessions.flatMap((session, index) =>
    session.people.map((series) => {
      const name = t("compare.person", { letter: LETTERS[index], name: nameOf(series) });
      return { ...series, name, gaps: session.gaps, markers: session.markers };
    }),
  );
  const markers = sessions.flatMap((session, index) =>
    session.markers.map((marker) => ({
      ...marker,
      label: t("compare.value", { letter: LETTERS[index], title: marker.label }),
    })),
  );
  return { step_seconds, people, markers, gaps: [] };
}

/** @param {{uid: string, title: string|null, participant: string|null, started_at: string}[]} sessions */
function showChosen(sessions) {
  const { uids } = choice();
  const items = sessions.map((session, index) => {
    const title = titleOf(session);
    const others = () => go({ uids: uids.filter((uid) => uid !== session.uid), align: "start" });
    const remove = el("button", { class: "button bare small round", type: "button", on: { click: others } }, "×");
    remove.setAttribute("aria-label", t("compare.remove", { title }));
    const letter = el("b", { class: "session-letter", data: { session: index } }, LETTERS[index]);
    const about = [session.participant, dateTime(session.started_at)].filter(Boolean).join(" · ");
    const named = el(
      "span",
      { class: "wrap" },
      el("a", { href: addressOf(session.uid) }, title),
      el("small", {}, about),
    );
    return el("li", { data: { uid: session.uid } }, letter, named, remove);
  });
  byId("chosen").replaceChildren(...items);
  add.disabled = uids.length >= MOST;
  offer(uids);
}

/**
 * Offer the newest sessions that are not chosen yet, and those that this tab has receipts of.
 * @param {string[]} uids
 */
async function offer(uids) {
  const first = add.options[0];
  const newest = login.user ? ((await listSessions({ limit: OFFERED }).catch(() => null))?.sessions ?? []) : [];
  const mine = newest.map((session) => new Option(titleOf(session), session.uid));
  const opened = openedHere().map((uid) => new Option(uid, uid));
  const others = [...mine, ...opened].filter(({ value }) => !uids.includes(value));
  add.replaceChildren(first, ...others);
}

/** @param {Comparison} comparison */
function fillChoices({ sessions, align: from }) {
  const markers = commonMarkers(sessions).map((label) => new Option(t("compare.marker", { label }), `marker:${label}`));
  align.replaceChildren(new Option(t("compare.start"), "start"), ...markers);
  align.value = from;
  step.value = choice().step;
  const every = new Option(t("compare.every"), "");
  expression.replaceChildren(every, ...BY_VALENCE.map((name) => new Option(emotionName(name), name)));
  expression.value = choice().expression ?? "";
}

align.addEventListener("change", () => go({ align: align.value }));
step.addEventListener("change", () => go({ step: step.value }));
expression.addEventListener("change", () => go({ expression: isEmotion(expression.value) ? expression.value : null }));
add.addEventListener("change", () => {
  if (add.value) go({ uids: [...choice().uids, add.value], align: "start" });
});
lanes.addEventListener("view", draw);
new ResizeObserver(draw).observe(byId("lines"));
addEventListener("popstate", show);
login.addEventListener("change", show);
ready();
show();
