// The dashboard: figures for the filters in the address, brought up to date as predictions arrive.
import { doughnut, stackedBars } from "../core/charts.js";
import { afterPause, byId, el } from "../core/dom.js";
import { EMOTIONS } from "../core/emotions.js";
import { exportButtons } from "../dashboard/exports.js";
import { readingsTable, sharesTable, stepLabel, timelineTable } from "../dashboard/figure-tables.js";
import { bucketOf, emotionDetail, queryOf, recent, stats, timeline, wholeOf } from "../dashboard/figures.js";
import { Filters } from "../dashboard/filters.js";
import { ApiError } from "../core/http.js";
import { allowsHours, periodOf } from "../dashboard/period.js";
import { ready } from "../core/ready.js";
import { session } from "../core/session.js";
import { ago, dateTime, emotionName, number, percent, t } from "../core/texts.js";
import { VisionAIClient } from "../visionai-client.js";

const LATEST = 10;
const SETTLE = 150;
const filters = new Filters();
const client = new VisionAIClient({ token: (again) => (again && session.user ? session.renew() : session.token()) });
let shares = Object.fromEntries(EMOTIONS.map((name) => [name, 0]));
let steps = { labels: /** @type {string[]} */ ([]), steps: /** @type {any[]} */ ([]) };
let looked = filters.choice.emotion; // The one in detail: filtered, picked, or the most common at first sight.
let asked = 0;
const sharesChart = doughnut(byId("shares-chart"), () => ({ counts: shares, only: filters.choice.emotion }));
const timeChart = stackedBars(byId("time-chart"), () => steps);

/** Ask for everything and show it; an answer to older filters is left aside. */
async function refresh() {
  asked += 1;
  const turn = asked;
  const { choice } = filters;
  try {
    const answers = await Promise.all([stats(choice), wholeOf(choice), timeline(choice), recent(choice, LATEST)]);
    const name = looked || answers[0].most_common_emotion?.name || EMOTIONS[0];
    const detail = await emotionDetail(name, choice);
    if (turn === asked) show(choice, ...answers, detail);
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    if (turn === asked) fail(error);
  }
}

function show(choice, totals, whole, overTime, latest, detail) {
  byId("failed").hidden = true;
  const none = totals.total_predictions === 0;
  byId("empty").hidden = !none;
  byId("board").hidden = none;
  byId("board").setAttribute("aria-busy", "false");
  showTotals(totals);
  showShares(choice, (whole ?? totals).predictions_by_emotion);
  showTimeline(overTime, choice);
  readingsTable(byId("latest"), latest.predictions);
  showDetail(detail);
}

function showTotals(totals) {
  const common = totals.most_common_emotion;
  byId("total").textContent = number(totals.total_predictions);
  byId("common").replaceChildren(common ? el("span", { class: "emotion", data: { emotion: common.name } }, emotionName(common.name)) : "–");
  byId("average").textContent = totals.average_confidence === null ? "–" : percent(totals.average_confidence);
}

/** The share of each in all of the period, also where one is looked at alone: of itself it is always 100 %. */
function showShares({ emotion: only }, counts) {
  const total = Object.values(counts).reduce((sum, count) => sum + count, 0);
  shares = counts;
  byId("shares-total").textContent = only ? percent(total ? counts[only] / total : 0) : number(total);
  byId("shares-of").textContent = t(only ? "shares.of_all" : "shares.in_all");
  sharesChart.update();
  sharesTable(byId("shares-table"), counts, { only, choose: (emotion) => filters.set({ emotion: only === emotion ? "" : emotion }) });
}

function showTimeline({ timeline: found }, choice) {
  const bucket = bucketOf(choice);
  const hours = byId("bucket").querySelector("[value=hour]");
  hours.disabled = !allowsHours(periodOf(choice));
  byId("bucket").querySelector(`[value=${bucket}]`).checked = true;
  steps = { labels: found.map(({ date }) => stepLabel(date, bucket)), steps: found };
  timeChart.update();
  timelineTable(byId("time-table"), steps.labels, found);
}

function showDetail({ emotion, statistics }) {
  looked = emotion.name;
  byId("detail-choice").value = looked;
  const { last_prediction: last, average_confidence: average } = statistics;
  const pair = (name, value, title = null) => el("div", { class: "figure" }, el("dt", {}, name), el("dd", { title }, value));
  byId("detail").replaceChildren(
    el("p", { class: "detail-name emotion", data: { emotion: emotion.name } }, emotion.description),
    el(
      "dl",
      {},
      pair(t("detail.share"), percent(statistics.percentage / 100)),
      pair(t("detail.count"), number(statistics.total_predictions)),
      pair(t("detail.confidence"), average === null ? "–" : percent(average)),
      pair(t("detail.last"), last ? ago(last) : "–", last ? dateTime(last) : null),
    ),
  );
}

/** @param {ApiError} error */
function fail(error) {
  byId("failed-text").textContent = error.message;
  byId("failed").hidden = false;
  byId("board").setAttribute("aria-busy", "false");
}

/** Whether this server shows its figures to whoever looks now. */
function allowed() {
  return document.documentElement.dataset.dashboard === "public" || session.user !== null;
}

function followStream() {
  const soon = afterPause(refresh, SETTLE);
  client.addEventListener("stats", () => document.hidden || soon());
  client.addEventListener("state", ({ detail }) => {
    const pill = byId("updates");
    pill.dataset.state = { connected: "on", lost: "off" }[detail] ?? "waiting";
    pill.textContent = t(`updates.${detail}`);
  });
  document.addEventListener("visibilitychange", () => document.hidden || soon());
  client.connect();
  client.subscribe("dashboard").then(refresh, fail);
}

function start() {
  if (!allowed()) {
    for (const id of ["filters", "board", "updates"]) byId(id).hidden = true;
    byId("private").hidden = false;
    return;
  }
  byId("detail-choice").replaceChildren(...EMOTIONS.map((name) => el("option", { value: name }, emotionName(name))));
  byId("detail-choice").value = looked;
  byId("detail-choice").addEventListener("change", ({ target }) => {
    looked = target.value;
    refresh();
  });
  byId("bucket").addEventListener("change", ({ target }) => filters.set({ bucket: target.value }));
  byId("failed-again").addEventListener("click", refresh);
  filters.addEventListener("change", () => {
    looked = filters.choice.emotion || looked;
    refresh();
  });
  exportButtons(() => queryOf(filters.choice));
  ready();
  refresh();
  followStream();
}

addEventListener("pagehide", () => client.close());
addEventListener("pageshow", ({ persisted }) => {
  if (!persisted || !allowed()) return; // Shown again as it was left, by going back: connect and look anew.
  client.connect();
  refresh();
});
start();
