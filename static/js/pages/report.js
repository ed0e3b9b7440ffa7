// A period on paper: how much, what, when, and what the figures mean.
import { stackedBars } from "../core/charts.js";
import { byId, el } from "../core/dom.js";
import { sharesTable, stepLabel } from "../dashboard/figure-tables.js";
import { bucketOf, stats, timeline } from "../dashboard/figures.js";
import { ApiError } from "../core/http.js";
import { dateInput, periodOf } from "../dashboard/period.js";
import { session } from "../core/session.js";
import { forSignedIn } from "../core/signed-in.js";
import { dateTime, emotionName, number, percent, t } from "../core/texts.js";

let steps = { labels: /** @type {string[]} */ ([]), steps: /** @type {any[]} */ ([]) };
const chart = stackedBars(byId("time-chart"), () => steps);

/** @returns {import("../dashboard/figures.js").Choice} */
function choice() {
  return { period: "own", from: byId("from").value, to: byId("to").value, emotion: "", who: "me", bucket: "" };
}

async function refresh() {
  const { from, to } = choice();
  if (!from || !to || from > to) return;
  history.replaceState(null, "", `?${new URLSearchParams({ from, to })}`);
  try {
    show(choice(), ...(await Promise.all([stats(choice()), timeline(choice())])));
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    byId("failed-text").textContent = error.message;
    byId("failed").hidden = false;
  }
}

function show(chosen, totals, overTime) {
  byId("failed").hidden = true;
  byId("sheet").hidden = false;
  const common = totals.most_common_emotion;
  byId("total").textContent = number(totals.total_predictions);
  byId("common").replaceChildren(common ? el("span", { class: "emotion", data: { emotion: common.name } }, emotionName(common.name)) : "–");
  byId("average").textContent = totals.average_confidence === null ? "–" : percent(totals.average_confidence);
  sharesTable(byId("shares-table"), totals.predictions_by_emotion);
  const bucket = bucketOf(chosen);
  steps = { labels: overTime.timeline.map(({ date }) => stepLabel(date, bucket)), steps: overTime.timeline };
  chart.update();
  showWords(chosen);
}

function showWords(chosen) {
  const { since, until } = periodOf(chosen);
  const long = { dateStyle: "long" };
  byId("sheet-period").textContent = t("report.period", { from: dateTime(since, long), to: dateTime(new Date(until).getTime() - 1, long), name: session.user.username });
  byId("sheet-made").textContent = t("report.made", { date: dateTime(Date.now()) });
}

function start() {
  const asked = new URLSearchParams(location.search);
  byId("from").value = asked.get("from") ?? dateInput(-29);
  byId("to").value = asked.get("to") ?? dateInput();
  refresh();
}

byId("period").addEventListener("change", refresh);
byId("period").addEventListener("submit", (event) => event.preventDefault());
byId("print").addEventListener("click", () => print());
forSignedIn(["actions", "period"], start);
