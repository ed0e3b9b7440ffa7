// Chart.js in the colours, the font and the language of the page.
import { colour, emotionColours } from "./emotions.js";
import { emotionPatterns } from "./patterns.js";
import { still, themeChanges } from "./theme.js";

/**
 * @import { Chart as ChartOf, ChartConfiguration, ChartData, ChartType, UpdateMode } from "chart.js"
 * @import { Emotion } from "./emotions.js"
 * @typedef {{ink: string, soft: string, line: string, ground: string, emotions: Record<Emotion, string>,
 *   fills: Record<Emotion, CanvasPattern>}} Inks `fills` are the emotions' colours with their patterns
 */

/** Chart.js comes as a script before the modules: it defines a global. */
const { Chart } = /** @type {{Chart: typeof import("chart.js").Chart}} */ (/** @type {unknown} */ (globalThis));
Chart.defaults.font = { ...Chart.defaults.font, family: getComputedStyle(document.body).fontFamily, size: 12.5 };

/**
 * A chart that is drawn again in the new colours when the theme changes.
 * @template {ChartType} Type
 * @template Data
 * @param {HTMLCanvasElement} canvas
 * @param {(inks: Inks) => ChartConfiguration<Type, Data>} configure from the colours of now
 * @returns {{update: () => void, made: ChartOf<Type, Data>}} `made` is Chart.js's own
 */
export function chart(canvas, configure) {
  const made = new Chart(canvas, base(configure(inks())));
  /** @param {UpdateMode} [mode] */
  const update = (mode) => {
    const { data, options } = base(configure(inks()));
    Object.assign(made, { options });
    merge(made.data, data);
    made.resize(); // It may have been made while its place was hidden.
    made.update(mode);
  };
  themeChanges.addEventListener("change", () => update("none"));
  return { update: () => update(), made };
}

/** @returns {Inks} */
function inks() {
  return {
    ink: colour("ink"),
    soft: colour("ink-faint"),
    line: colour("line"),
    ground: colour("surface"),
    emotions: emotionColours(),
    fills: emotionPatterns(),
  };
}

/**
 * What all charts share, under what one says itself.
 * @template {ChartType} Type
 * @template Data
 * @param {ChartConfiguration<Type, Data>} config
 * @returns {ChartConfiguration<Type, Data>}
 */
function base(config) {
  const own = /** @type {import("chart.js").ChartOptions} */ (config.options ?? {});
  const tooltip = {
    backgroundColor: colour("ink"),
    titleColor: colour("paper"),
    bodyColor: colour("paper"),
    padding: 10,
    cornerRadius: 8,
    boxPadding: 4,
    ...own.plugins?.tooltip,
  };
  const plugins = { legend: { display: false }, ...own.plugins, tooltip };
  const options = { maintainAspectRatio: false, animation: still ? false : { duration: 350 }, ...own, plugins };
  return { ...config, options: /** @type {ChartConfiguration<Type, Data>["options"]} */ (options) };
}

/**
 * Keep the data sets that stay, so that bars move instead of appearing anew.
 * @template {ChartType} Type
 * @template Data
 * @param {ChartData<Type, Data>} data
 * @param {ChartData<Type, Data>} next
 */
function merge(data, next) {
  data.labels = next.labels;
  next.datasets.forEach((dataset, index) => {
    data.datasets[index] = Object.assign(data.datasets[index] ?? {}, dataset);
  });
  data.datasets.length = next.datasets.length;
}
