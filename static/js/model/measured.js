// What was measured of the weights: totals, recalls, the confusion matrix, and what a confidence is worth.
import { curve } from "../charts/curve.js";
import { byId, el } from "../core/dom.js";
import { EMOTIONS } from "../core/emotions.js";
import { root } from "../core/root.js";
import { scoreBar } from "../core/score-bars.js";
import { fillTable, numberCell, numbers, rowHead } from "../core/tables.js";
import { emotionName, number, percent, t } from "../core/texts.js";

/** @import { Bin, ModelInfo, Prior, Report } from "./answers.js" */

const TOTALS = /** @type {const} */ (["accuracy", "macro_recall", "accuracy_where_certain", "calibration_error"]);

/**
 * Show the figures of the operating point that pictures are read at, as far as there are any.
 * @param {ModelInfo} info
 */
export async function showMeasured(info) {
  const prior = info.default_priors.pictures;
  const own = carried(info.metrics ?? {}, prior);
  const report = info.weights_version_tag ? await reportOf(info.weights_version_tag, prior) : null;
  const measured = (report?.accuracy ?? own.accuracy) !== undefined;
  byId("unmeasured").hidden = measured;
  if (measured) showTotals({ ...own, ...report });
  showRecalls(own, report);
  for (const id of ["confusion-card", "calibration-card"]) byId(id).hidden = !report;
  if (!report) return;
  showConfusion(report.confusion);
  showCalibration(report.bins);
}

/**
 * The figures of weights at an operating point; what a confidence is worth is held against one person.
 * @param {string} tag
 * @param {Prior} prior
 * @returns {Promise<Report|null>}
 */
async function reportOf(tag, prior) {
  const measured = (byId("figures").dataset.measured ?? "").split(" ");
  if (!measured.includes(tag)) return null;
  const response = await fetch(`${root}/model/reports/${encodeURIComponent(tag)}`);
  if (!response.ok) return null;
  const { majority, rater } = (await response.json()).f32[prior];
  return { ...majority, bins: rater.bins, calibration_error: rater.calibration_error };
}

/**
 * The figures that a manifest carries of an operating point, without its name before them.
 * @param {Record<string, number>} metrics
 * @param {Prior} prior
 * @returns {Record<string, number|undefined>}
 */
function carried(metrics, prior) {
  const own = Object.entries(metrics).filter(([name]) => name.startsWith(`${prior}_`));
  return Object.fromEntries(own.map(([name, value]) => [name.slice(prior.length + 1), value]));
}

/** @param {Partial<Record<typeof TOTALS[number], number|null>>} metrics */
function showTotals(metrics) {
  const known = TOTALS.flatMap((name) => {
    const value = metrics[name];
    return typeof value === "number" ? [{ name, value }] : [];
  });
  const cards = known.map(({ name, value }) =>
    el("div", { class: "card figure" }, el("dt", {}, t(`model.${name}`)), el("dd", {}, percent(value))),
  );
  byId("totals").replaceChildren(...cards);
}

/**
 * @param {Record<string, number|undefined>} own
 * @param {Report|null} report
 */
function showRecalls(own, report) {
  const rows = EMOTIONS.flatMap((name) => {
    const share = report?.classes[name].recall ?? own[`recall_${name}`];
    if (typeof share !== "number") return [];
    const bar = scoreBar(name);
    bar.set(share);
    return [bar.row];
  });
  byId("recall-card").hidden = rows.length === 0;
  byId("recall").replaceChildren(...rows);
}

/** @param {number[][]} counts rows are what people saw */
function showConfusion(counts) {
  const corner = el("td", {}, "");
  const head = el("tr", {}, corner, ...EMOTIONS.map((name) => el("th", { scope: "col" }, emotionName(name))));
  byId("confusion").replaceChildren(
    el("caption", { class: "visually-hidden" }, byId("confusion-title").textContent),
    el("thead", {}, head),
    el("tbody", {}, ...counts.map(confusionRow)),
  );
}

/**
 * @param {number[]} row
 * @param {number} index
 */
function confusionRow(row, index) {
  const total = row.reduce((sum, count) => sum + count, 0);
  const cells = row.map((count, column) => {
    const share = total ? count / total : 0;
    const hit = column === index ? "hit" : null;
    const cell = el("td", { class: hit, data: { strong: share > 0.5 } }, number(share * 100));
    cell.style.setProperty("--share", String(share));
    return cell;
  });
  return el("tr", {}, rowHead(emotionName(EMOTIONS[index])), ...cells);
}

/** @param {Bin[]} bins */
function showCalibration(bins) {
  const filled = bins.filter(({ count }) => count > 0);
  const points = filled.map(({ confidence, accuracy }) => {
    return { x: confidence, y: accuracy, text: `${percent(confidence)} → ${percent(accuracy)}` };
  });
  curve(byId("calibration"), points, { x: t("model.confidence"), y: t("model.right"), share: percent });
  const rows = filled.map(({ count, confidence, accuracy }) =>
    el("tr", {}, ...[percent(confidence), percent(accuracy), number(count)].map(numberCell)),
  );
  const heads = ["model.confidence", "model.right", "model.pictures"].map((key) => numbers(t(key)));
  fillTable(byId("calibration-table"), heads, rows);
}
