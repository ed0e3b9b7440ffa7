// The charts of the dashboard and the report: expressions over time, and their shares.
import { chart } from "../core/charts.js";
import { EMOTIONS, totalOf } from "../core/emotions.js";
import { emotionName, number, percent } from "../core/texts.js";

/**
 * @import { ChartOptions } from "chart.js"
 * @import { Inks } from "../core/charts.js"
 * @import { Emotion } from "../core/emotions.js"
 * @import { Counts, Step } from "./figures.js"
 */

/**
 * Bars over time, stacked by emotion.
 * @param {HTMLCanvasElement} canvas
 * @param {() => {labels: string[], steps: Step[]}} read
 */
export function stackedBars(canvas, read) {
  return chart(canvas, (inks) => {
    const { labels, steps } = read();
    const datasets = EMOTIONS.map((name) => ({
      label: emotionName(name),
      data: steps.map((step) => step.by_emotion[name]),
      backgroundColor: inks.emotions[name],
      borderRadius: 2,
      maxBarThickness: 42,
      categoryPercentage: 0.86,
      barPercentage: 0.94,
    }));
    return { type: "bar", data: { labels, datasets }, options: barOptions(inks) };
  });
}

/**
 * @param {Inks} inks
 * @returns {ChartOptions<"bar">}
 */
function barOptions({ soft, line }) {
  return {
    scales: {
      x: {
        stacked: true,
        grid: { display: false },
        border: { color: line },
        ticks: { color: soft, maxRotation: 0, autoSkipPadding: 18 },
      },
      y: {
        stacked: true,
        beginAtZero: true,
        grid: { color: line },
        border: { display: false },
        ticks: { color: soft, precision: 0, maxTicksLimit: 5, callback: (value) => number(Number(value)) },
      },
    },
    interaction: { mode: "index", intersect: false },
    plugins: { tooltip: { filter: ({ raw }) => Number(raw) > 0 } },
  };
}

/**
 * A doughnut of the seven, or of one of them among the others, which are then all of one grey.
 * @param {HTMLCanvasElement} canvas
 * @param {() => {counts: Counts, only: Emotion|""}} read `only`: the one to bring out
 */
export function doughnut(canvas, read) {
  return chart(canvas, ({ emotions, ground, line }) => {
    const { counts, only } = read();
    /** @param {Emotion} name */
    const heldBack = (name) => only !== "" && only !== name;
    const dataset = {
      data: EMOTIONS.map((name) => counts[name]),
      backgroundColor: EMOTIONS.map((name) => (heldBack(name) ? line : emotions[name])),
      borderColor: ground,
      borderWidth: EMOTIONS.map((name) => (heldBack(name) ? 0 : 2)),
      borderRadius: only ? 0 : 4,
    };
    const total = totalOf(counts);
    return {
      type: "doughnut",
      data: { labels: EMOTIONS.map(emotionName), datasets: [dataset] },
      options: {
        cutout: "70%",
        plugins: {
          tooltip: { callbacks: { label: ({ parsed }) => ` ${number(parsed)} (${percent(parsed / total)})` } },
        },
      },
    };
  });
}
