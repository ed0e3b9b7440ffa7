// A period on paper: how much, what, when, and what the figures mean.
import { StackedBars } from "../charts/stacked-bars.js";
import { byId, el } from "../core/dom.js";
import { BY_VALENCE } from "../core/emotions.js";
import { attempt, hideFailure, showFailure } from "../core/failures.js";
import { forSignedIn } from "../core/signed-in.js";
import { emotionTag, percentOrNothing } from "../core/tables.js";
import { dateTime, t } from "../core/texts.js";
import { BAR_WORDS } from "../dashboard/bar-words.js";
import { sharesTable, stepLabel } from "../dashboard/figure-tables.js";
import { bucketOf, stats, timeline } from "../dashboard/figures.js";
import { dateInput, localDay, TIME_ZONE } from "../dashboard/period.js";
import { showTotals } from "../dashboard/totals.js";

/** @import { Choice, Stats, Step } from "../dashboard/figures.js" */

const from = byId("from", HTMLInputElement);
const to = byId("to", HTMLInputElement);
let steps = { labels: /** @type {string[]} */ ([]), steps: /** @type {Step[]} */ ([]) };
let username = "";
const chart = new StackedBars(byId("time-chart"), () => steps, BAR_WORDS);

/** @returns {Choice} */
function choice() {
  return { period: "own", from: from.value, to: to.value, emotion: "", who: "me", bucket: "" };
}

async function refresh() {
  const chosen = choice();
  if (!chosen.from || !chosen.to || chosen.from > chosen.to) return;
  history.replaceState(null, "", `?${new URLSearchParams({ from: chosen.from, to: chosen.to })}`);
  await attempt(
    async () => show(chosen, ...(await Promise.all([stats(chosen), timeline(chosen)]))),
    (error) => showFailure(error.message),
  );
}

/**
 * @param {Choice} chosen
 * @param {Stats} totals
 * @param {{timeline: Step[]}} overTime
 */
function show(chosen, totals, overTime) {
  hideFailure();
  byId("sheet").hidden = false;
  showTotals(totals);
  byId("uncertain").textContent = percentOrNothing(totals.uncertain_share);
  sharesTable(byId("shares-table"), totals.predictions_by_emotion);
  const bucket = bucketOf(chosen);
  steps = { labels: overTime.timeline.map(({ date }) => stepLabel(date, bucket)), steps: overTime.timeline };
  chart.update();
  showWords(chosen);
}

/** @param {Choice} chosen */
function showWords(chosen) {
  /** @param {string} date */
  const long = (date) => dateTime(localDay(date), { dateStyle: "long" });
  const values = { from: long(chosen.from), to: long(chosen.to), name: username };
  byId("sheet-period").textContent = t("report.period", values);
  const made = t("report.made", { date: dateTime(Date.now()) });
  byId("sheet-made").textContent = `${made} ${t("report.zone", { zone: TIME_ZONE })}`;
}

byId("legend").replaceChildren(...BY_VALENCE.map((name) => el("li", {}, emotionTag(name))));
byId("period").addEventListener("change", refresh);
byId("period").addEventListener("submit", (event) => event.preventDefault());
byId("print").addEventListener("click", () => print());
forSignedIn(["actions", "period"], (user) => {
  const asked = new URLSearchParams(location.search);
  username = user.username;
  from.value = asked.get("from") ?? dateInput(-29);
  to.value = asked.get("to") ?? dateInput();
  refresh();
});
