// The dashboard: figures for the filters in the address, brought up to date as predictions arrive.
import { byId, el } from "../core/dom.js";
import { byEmotion, EMOTIONS, isEmotion, totalOf } from "../core/emotions.js";
import { attempt, hideFailure, showFailure } from "../core/failures.js";
import { ready } from "../core/ready.js";
import { session } from "../core/session.js";
import { streamClient } from "../core/stream.js";
import { emotionName, number, percent, t } from "../core/texts.js";
import { afterPause } from "../core/time.js";
import { doughnut, stackedBars } from "../dashboard/charts.js";
import { showDetail } from "../dashboard/detail.js";
import { exportButtons } from "../dashboard/exports.js";
import { readingsTable, sharesTable, stepLabel, timelineTable } from "../dashboard/figure-tables.js";
import { bucketOf, emotionDetail, queryOf, recent, stats, timeline, wholeOf } from "../dashboard/figures.js";
import { Filters } from "../dashboard/filters.js";
import { allowsHours, periodOf } from "../dashboard/period.js";
import { showTotals } from "../dashboard/totals.js";

/**
 * @import { Emotion } from "../core/emotions.js"
 * @import { Choice, Counts, Step } from "../dashboard/figures.js"
 */

const LATEST = 10;
const SETTLE = 150;
const filters = new Filters();
const client = streamClient();
const detailChoice = byId("detail-choice", HTMLSelectElement);
const hours = byId("bucket-hour", HTMLInputElement);
const days = byId("bucket-day", HTMLInputElement);
let shares = byEmotion(() => 0);
let steps = { labels: /** @type {string[]} */ ([]), steps: /** @type {Step[]} */ ([]) };
/** The one in detail: filtered, picked, or the most common at first sight. */
let looked = filters.choice.emotion;
let asked = 0;
const sharesChart = doughnut(byId("shares-chart", HTMLCanvasElement), () => ({
  counts: shares,
  only: filters.choice.emotion,
}));
const timeChart = stackedBars(byId("time-chart", HTMLCanvasElement), () => steps);

/** Ask for everything and show it; an answer to older filters is left aside. */
async function refresh() {
  asked += 1;
  const turn = asked;
  await attempt(
    async () => {
      const show = await read(filters.choice);
      if (turn === asked) show();
    },
    (error) => {
      if (turn === asked) fail(error);
    },
  );
}

/**
 * @param {Choice} choice
 * @returns {Promise<() => void>} shows what was read
 */
async function read(choice) {
  const answers = await Promise.all([stats(choice), wholeOf(choice), timeline(choice), recent(choice, LATEST)]);
  const [totals, whole, overTime, latest] = answers;
  const detail = await emotionDetail(looked || totals.most_common_emotion?.name || EMOTIONS[0], choice);
  return () => {
    hideFailure();
    showBoard(totals.total_predictions > 0);
    showTotals(totals);
    showShares(choice, (whole ?? totals).predictions_by_emotion);
    showTimeline(overTime.timeline, choice);
    readingsTable(byId("latest"), latest.predictions);
    looked = detail.emotion.name;
    detailChoice.value = looked;
    showDetail(byId("detail"), detail);
  };
}

/** @param {boolean} any whether there is something to show */
function showBoard(any) {
  byId("empty").hidden = any;
  byId("board").hidden = !any;
  byId("board").setAttribute("aria-busy", "false");
}

/**
 * The share of each in all of the period, also where one is looked at alone: of itself it is always 100 %.
 * @param {Choice} choice
 * @param {Counts} counts
 */
function showShares({ emotion: only }, counts) {
  const total = totalOf(counts);
  shares = counts;
  byId("shares-total").textContent = only ? percent(total ? counts[only] / total : 0) : number(total);
  byId("shares-of").textContent = t(only ? "shares.of_all" : "shares.in_all");
  sharesChart.update();
  sharesTable(byId("shares-table"), counts, {
    only,
    choose: (emotion) => filters.set({ emotion: only === emotion ? "" : emotion }),
  });
}

/**
 * @param {Step[]} found
 * @param {Choice} choice
 */
function showTimeline(found, choice) {
  const bucket = bucketOf(choice);
  hours.disabled = !allowsHours(periodOf(choice));
  hours.checked = bucket === "hour";
  days.checked = bucket === "day";
  steps = { labels: found.map(({ date }) => stepLabel(date, bucket)), steps: found };
  timeChart.update();
  timelineTable(byId("time-table"), steps.labels, found);
}

/** @param {Error} error */
function fail(error) {
  showFailure(error.message);
  byId("board").setAttribute("aria-busy", "false");
}

/** Whether this server shows its figures to whoever looks now. */
function allowed() {
  return document.documentElement.dataset.dashboard === "public" || session.user !== null;
}

function followStream() {
  const soon = afterPause(refresh, SETTLE);
  const pill = byId("updates");
  client.addEventListener("stats", () => document.hidden || soon());
  client.addEventListener("state", ({ detail }) => {
    pill.dataset.state = { connected: "on", lost: "off", idle: "waiting", connecting: "waiting" }[detail];
    pill.textContent = t(`updates.${detail}`);
  });
  document.addEventListener("visibilitychange", () => document.hidden || soon());
  client.connect();
  client.subscribe("dashboard").then(refresh, fail);
}

/** @param {Emotion|""} emotion */
function look(emotion) {
  looked = emotion;
  refresh();
}

function listen() {
  detailChoice.addEventListener("change", () => look(isEmotion(detailChoice.value) ? detailChoice.value : ""));
  byId("bucket").addEventListener("change", () => filters.set({ bucket: hours.checked ? "hour" : "day" }));
  byId("failed-again").addEventListener("click", refresh);
  filters.addEventListener("change", () => look(filters.choice.emotion || looked));
  exportButtons(() => queryOf(filters.choice));
}

function start() {
  if (!allowed()) {
    for (const id of ["filters", "board", "updates"]) byId(id).hidden = true;
    byId("private").hidden = false;
    return;
  }
  detailChoice.replaceChildren(...EMOTIONS.map((name) => el("option", { value: name }, emotionName(name))));
  detailChoice.value = looked;
  listen();
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
