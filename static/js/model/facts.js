// What the weights that serve are, and how common they take each expression to be.
import { byId, el } from "../core/dom.js";
import { EMOTIONS } from "../core/emotions.js";
import { fillTable, numberCell, numbers, percentOrNothing, rowHead } from "../core/tables.js";
import { emotionName, number, t } from "../core/texts.js";

/** @import { ModelInfo } from "./answers.js" */

/** The names that engines give themselves. */
const ENGINES = /** @type {Record<string, string>} */ ({ openvino: "OpenVINO", keras: "Keras" });

/** @param {ModelInfo} info */
export function showFacts(info) {
  /** @type {[string, string|null][]} */
  const facts = [
    ["version", info.weights_version_tag],
    ["calibration", info.calibration],
    ["parameters", numberOf(info.total_params)],
    ["input", sizeOf(info.input_shape)],
    ["runtime", info.runtime && (ENGINES[info.runtime] ?? info.runtime)],
    ["measured_at", info.learned_shares ? t(`model.${info.default_priors.pictures}`) : null],
    ["pictures", numberOf(info.metrics?.pictures)],
  ];
  const known = facts.filter(([, value]) => value !== null);
  byId("facts").replaceChildren(
    ...known.flatMap(([name, value]) => [el("dt", {}, t(`model.${name}`)), el("dd", {}, value)]),
  );
}

/**
 * The size of a face as the network sees it, out of a shape as Keras writes it: batch, height, width, channels.
 * @param {string|null} shape "(None, 96, 96, 3)"
 */
function sizeOf(shape) {
  const [height = "", width] = shape?.match(/\d+/g) ?? [];
  return width ? t("model.size", { width, height }) : null;
}

/** @param {number|null|undefined} value */
function numberOf(value) {
  return typeof value === "number" ? number(value) : null;
}

/**
 * The class shares of each operating point and which one is the default of what; nothing where the weights name none.
 * @param {ModelInfo} info
 */
export function showPriors({ priors, learned_shares: learned, default_priors: defaults }) {
  byId("points-card").hidden = !(learned && priors);
  if (!learned || !priors) return;
  const names = { pictures: t(`model.${defaults.pictures}`), frames: t(`model.${defaults.frames}`) };
  byId("defaults").textContent = t("model.default_priors", names);
  const points = Object.entries(priors).map(([name, { shares }]) => ({ name, shares }));
  const columns = [{ name: "learned", shares: learned }, ...points];
  const rows = EMOTIONS.map((emotion) => {
    const cells = columns.map(({ shares }) => numberCell(percentOrNothing(shares?.[emotion] ?? null)));
    return el("tr", {}, rowHead(emotionName(emotion)), ...cells);
  });
  const heads = columns.map(({ name }) => numbers(t(`model.${name}`)));
  fillTable(byId("points"), [{ text: t("column.emotion") }, ...heads], rows);
}
