// The model page: what the weights that serve are, and what was measured of them.
import { call } from "../core/api.js";
import { startCalibration } from "../model/calibrate.js";
import { chart } from "../core/charts.js";
import { byId, el } from "../core/dom.js";
import { EMOTIONS } from "../core/emotions.js";
import { ApiError } from "../core/http.js";
import { emotionName, number, percent, t } from "../core/texts.js";

const ASK_AGAIN = 700;
const STATES = { loaded: "on", failed: "off" };

/** Ask until the weights are loaded; asking makes the server load them. */
async function loaded() {
  const info = await call("/model/info");
  byId("state").dataset.state = STATES[info.status] ?? "waiting";
  byId("state").textContent = t(`model.${info.status}`);
  if (info.status === "loaded" || info.status === "failed") return info;
  await new Promise((resolve) => {
    setTimeout(resolve, ASK_AGAIN);
  });
  return loaded();
}

/**
 * The figures of weights at an operating point; what a confidence is worth is held against one person.
 * @param {string} tag
 * @param {string} prior
 */
async function reportOf(tag, prior) {
  const measured = (byId("figures").dataset.measured ?? "").split(" ");
  if (!measured.includes(tag)) return null;
  const response = await fetch(`/model/reports/${encodeURIComponent(tag)}`);
  if (!response.ok) return null;
  const { majority, rater } = (await response.json()).f32[prior];
  return { ...majority, bins: rater.bins, calibration_error: rater.calibration_error };
}

/** The figures that a manifest carries of an operating point, without its name before them. */
function carried(metrics, prior) {
  const own = Object.entries(metrics ?? {}).filter(([name]) => name.startsWith(`${prior}_`));
  return Object.fromEntries(own.map(([name, value]) => [name.slice(prior.length + 1), value]));
}

function showInForce(info) {
  showFacts(info);
  showPriors(info);
}

async function start() {
  const info = await loaded();
  showInForce(info);
  const prior = info.default_priors.pictures;
  const report = info.weights_version_tag ? await reportOf(info.weights_version_tag, prior) : null;
  const metrics = { ...carried(info.metrics, prior), ...report };
  byId("unmeasured").hidden = metrics.accuracy !== undefined;
  if (metrics.accuracy !== undefined) showTotals(metrics);
  showRecalls(metrics);
  if (metrics.confusion) showConfusion(metrics.confusion);
  if (metrics.bins) showCalibration(metrics.bins);
}

function showTotals(metrics) {
  const total = (name, value) => value !== undefined && value !== null && el("div", { class: "card figure" }, el("dt", {}, t(`model.${name}`)), el("dd", {}, percent(value)));
  const names = ["accuracy", "macro_recall", "accuracy_where_certain", "calibration_error"];
  byId("totals").replaceChildren(...names.map((name) => total(name, metrics[name])).filter(Boolean));
}

function showRecalls(metrics) {
  const recalls = EMOTIONS.map((name) => [name, metrics.classes?.[name]?.recall ?? metrics[`recall_${name}`]]).filter(([, share]) => typeof share === "number");
  byId("recall-card").hidden = recalls.length === 0;
  byId("recall").replaceChildren(...recalls.map(([name, share]) => recallRow(name, share)));
}

function recallRow(name, share) {
  const fill = el("div", { class: "fill" });
  fill.style.setProperty("--share", String(share));
  return el("li", { data: { emotion: name } }, el("span", { class: "emotion" }, emotionName(name)), el("div", { class: "track" }, fill), el("span", { class: "value" }, percent(share)));
}

/** @param {number[][]} counts rows are what people saw */
function showConfusion(counts) {
  byId("confusion-card").hidden = false;
  const corner = el("td", {}, "");
  const head = el("tr", {}, corner, ...EMOTIONS.map((name) => el("th", { scope: "col" }, emotionName(name))));
  const rows = counts.map((row, index) => confusionRow(row, index));
  byId("confusion").replaceChildren(el("caption", { class: "visually-hidden" }, byId("confusion-title").textContent), el("thead", {}, head), el("tbody", {}, ...rows));
}

function confusionRow(row, index) {
  const total = row.reduce((sum, count) => sum + count, 0);
  const cell = (count, column) => {
    const share = total ? count / total : 0;
    const node = el("td", { class: column === index ? "hit" : null, data: { strong: share > 0.5 } }, number(share * 100));
    node.style.setProperty("--share", String(share));
    return node;
  };
  return el("tr", {}, el("th", { scope: "row" }, emotionName(EMOTIONS[index])), ...row.map(cell));
}

/** @param {{count: number, confidence: number, accuracy: number}[]} bins */
function showCalibration(bins) {
  byId("calibration-card").hidden = false;
  const filled = bins.filter(({ count }) => count > 0);
  const points = filled.map(({ confidence, accuracy }) => ({ x: confidence, y: accuracy }));
  const ticks = (soft) => ({ color: soft, callback: (value) => percent(value) });
  chart(byId("calibration"), ({ ink, soft, line }) => {
    const axis = (text) => ({ type: "linear", min: 0, max: 1, grid: { color: line }, border: { display: false }, ticks: ticks(soft), title: { display: true, text, color: soft } });
    const ideal = { data: [{ x: 0, y: 0 }, { x: 1, y: 1 }], borderColor: soft, borderDash: [5, 5], borderWidth: 1.5, pointRadius: 0 };
    const real = { data: points, borderColor: ink, backgroundColor: ink, borderWidth: 2.5, pointRadius: 4 };
    const label = ({ parsed }) => `${percent(parsed.x)} → ${percent(parsed.y)}`;
    return { type: "line", data: { datasets: [real, ideal] }, options: { scales: { x: axis(t("model.confidence")), y: axis(t("model.right")) }, plugins: { tooltip: { callbacks: { label, title: () => "" } } } } };
  });
  const rows = filled.map(({ count, confidence, accuracy }) => el("tr", {}, ...[percent(confidence), percent(accuracy), number(count)].map((text) => el("td", { class: "number" }, text))));
  const heads = ["model.confidence", "model.right", "model.pictures"].map((key) => el("th", { scope: "col", class: "number" }, t(key)));
  byId("calibration-table").replaceChildren(el("thead", {}, el("tr", {}, ...heads)), el("tbody", {}, ...rows));
}

function showFacts(info) {
  const facts = [
    ["version", info.weights_version_tag],
    ["calibration", info.calibration],
    ["parameters", info.total_params === null ? null : number(info.total_params)],
    ["input", info.input_shape],
    ["runtime", info.runtime],
    ["measured_at", info.learned_shares ? t(`model.${info.default_priors.pictures}`) : null],
    ["pictures", info.metrics?.pictures === undefined ? null : number(info.metrics.pictures)],
  ];
  const rows = facts.filter(([, value]) => value !== null && value !== undefined).flatMap(([name, value]) => [el("dt", {}, t(`model.${name}`)), el("dd", {}, value)]);
  byId("facts").replaceChildren(...rows);
}

/** The class shares of each operating point and which one is the default of what; nothing where the weights name none. */
function showPriors({ priors, learned_shares: learned, default_priors: defaults }) {
  if (!learned) return;
  byId("points-card").hidden = false;
  byId("defaults").textContent = t("model.default_priors", { pictures: t(`model.${defaults.pictures}`), frames: t(`model.${defaults.frames}`) });
  const columns = [["learned", learned], ...Object.entries(priors).map(([name, point]) => [name, point.shares])];
  const heads = columns.map(([name]) => el("th", { scope: "col", class: "number" }, t(`model.${name}`)));
  const cells = (emotion) => columns.map(([, shares]) => el("td", { class: "number" }, percent(shares[emotion])));
  const rows = EMOTIONS.map((emotion) => el("tr", {}, el("th", { scope: "row" }, emotionName(emotion)), ...cells(emotion)));
  byId("points").replaceChildren(el("thead", {}, el("tr", {}, el("th", { scope: "col" }, t("column.emotion")), ...heads)), el("tbody", {}, ...rows));
}

startCalibration(async () => showInForce(await call("/model/info")));
start().catch((error) => {
  if (!(error instanceof ApiError)) throw error;
  byId("failed-text").textContent = error.message;
  byId("failed").hidden = false;
});
