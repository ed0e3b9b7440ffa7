// Chart.js in the colours, the font and the language of the page.
import { colour, emotionColours, EMOTIONS } from "./emotions.js";
import { emotionName, number, percent } from "./texts.js";
import { themeChanges } from "./theme.js";

const Chart = /** @type {any} */ (globalThis).Chart;
Chart.defaults.font = { ...Chart.defaults.font, family: getComputedStyle(document.body).fontFamily, size: 12.5 };
const still = matchMedia("(prefers-reduced-motion: reduce)").matches;

/**
 * A chart that is drawn again in the new colours when the theme changes.
 * @param {HTMLCanvasElement} canvas
 * @param {(inks: Inks) => any} configure from the colours of now to Chart.js's configuration
 * @returns {{update: () => void}}
 *
 * @typedef {{ink: string, soft: string, line: string, ground: string, emotions: Record<string, string>}} Inks
 */
export function chart(canvas, configure) {
  const made = new Chart(canvas, base(configure(inks())));
  const update = (mode) => {
    const { data, options } = base(configure(inks()));
    Object.assign(made, { options });
    merge(made.data, data);
    made.resize(); // It may have been made while its place was hidden.
    made.update(mode);
  };
  themeChanges.addEventListener("change", () => update("none"));
  return { update: () => update() };
}

/**
 * Bars over time, stacked by emotion.
 * @param {HTMLCanvasElement} canvas
 * @param {() => {labels: string[], steps: {by_emotion: Record<string, number>}[]}} read
 */
export function stackedBars(canvas, read) {
  return chart(canvas, ({ emotions, soft, line }) => {
    const { labels, steps } = read();
    const datasets = EMOTIONS.map((name) => ({
      label: emotionName(name),
      data: steps.map((step) => step.by_emotion[name]),
      backgroundColor: emotions[name],
      borderRadius: 2,
      maxBarThickness: 42,
      categoryPercentage: 0.86,
      barPercentage: 0.94,
    }));
    const x = { stacked: true, grid: { display: false }, border: { color: line }, ticks: { color: soft, maxRotation: 0, autoSkipPadding: 18 } };
    const y = { stacked: true, beginAtZero: true, grid: { color: line }, border: { display: false }, ticks: { color: soft, precision: 0, maxTicksLimit: 5, callback: (value) => number(value) } };
    return { type: "bar", data: { labels, datasets }, options: { scales: { x, y }, interaction: { mode: "index", intersect: false }, plugins: { tooltip: { filter: ({ raw }) => raw > 0 } } } };
  });
}

/**
 * A doughnut of the seven, or of one of them among the others, which are then all of one grey.
 * @param {HTMLCanvasElement} canvas
 * @param {() => {counts: Record<string, number>, only: string}} read counts by emotion; `only`: one of them, or ""
 */
export function doughnut(canvas, read) {
  return chart(canvas, ({ emotions, ground, line }) => {
    const { counts, only } = read();
    const total = Object.values(counts).reduce((sum, count) => sum + count, 0);
    const dataset = { data: EMOTIONS.map((name) => counts[name]), backgroundColor: EMOTIONS.map((name) => (only && only !== name ? line : emotions[name])), borderColor: ground, borderWidth: EMOTIONS.map((name) => (only && only !== name ? 0 : 2)), borderRadius: only ? 0 : 4 };
    const label = ({ raw }) => ` ${number(raw)} (${percent(raw / total)})`;
    return { type: "doughnut", data: { labels: EMOTIONS.map(emotionName), datasets: [dataset] }, options: { cutout: "70%", plugins: { tooltip: { callbacks: { label } } } } };
  });
}

/** @returns {Inks} */
function inks() {
  return { ink: colour("ink"), soft: colour("ink-faint"), line: colour("line"), ground: colour("surface"), emotions: emotionColours() };
}

/** @param {any} config */
function base(config) {
  const tooltip = { backgroundColor: colour("ink"), titleColor: colour("paper"), bodyColor: colour("paper"), padding: 10, cornerRadius: 8, boxPadding: 4, ...config.options.plugins?.tooltip };
  const plugins = { legend: { display: false }, ...config.options.plugins, tooltip };
  const options = { maintainAspectRatio: false, animation: still ? false : { duration: 350 }, ...config.options, plugins };
  return { ...config, options };
}

/** Keep the data sets that stay, so that bars move instead of appearing anew. */
function merge(data, next) {
  data.labels = next.labels;
  next.datasets.forEach((dataset, index) => {
    data.datasets[index] = Object.assign(data.datasets[index] ?? {}, dataset);
  });
  data.datasets.length = next.datasets.length;
}
