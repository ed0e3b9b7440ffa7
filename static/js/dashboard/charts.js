// The charts of the dashboard and the report: expressions over time, and their shares.
import { chart } from "../core/charts.js";
import { BY_VALENCE, totalOf } from "../core/emotions.js";
import { counted, emotionName, number, percent } from "../core/texts.js";
import { fixedPercent, shortNumber } from "./amounts.js";
import { letters, selection, versionMarks } from "./chart-layers.js";

/**
 * @import { ChartOptions, TooltipItem } from "chart.js"
 * @import { Inks } from "../core/charts.js"
 * @import { Emotion } from "../core/emotions.js"
 * @import { Layers } from "./chart-layers.js"
 * @import { Counts, Step } from "./figures.js"
 *
 * @typedef {{labels: string[], steps: Step[], shares?: boolean, layers?: Layers}} Bars `shares`: each bar is all of its
 *   step; `layers`: what else is drawn
 */

/**
 * Bars over time, stacked by emotion from pleasant to unpleasant.
 * @param {HTMLCanvasElement} canvas
 * @param {() => Bars} read
 */
export function stackedBars(canvas, read) {
  return chart(canvas, (inks) => {
    const { labels, steps, shares = false } = read();
    const datasets = BY_VALENCE.map((name) => ({
      label: emotionName(name),
      data: steps.map((step) => partOf(step, name, shares)),
      backgroundColor: inks.fills[name],
      borderColor: inks.ground,
      borderWidth: { top: 1 },
      borderSkipped: false,
      maxBarThickness: 42,
      categoryPercentage: 0.86,
      barPercentage: 0.94,
    }));
    const plugins = [selection(inks, read), versionMarks(inks, read), letters(inks)];
    return { type: "bar", data: { labels, datasets }, options: barOptions(inks, read), plugins };
  });
}

/**
 * @param {Step} step
 * @param {Emotion} name
 * @param {boolean} shares
 */
function partOf({ count, by_emotion: by }, name, shares) {
  if (!shares) return by[name];
  return count ? by[name] / count : 0;
}

/**
 * @param {Inks} inks
 * @param {() => Bars} read
 * @returns {ChartOptions<"bar">}
 */
function barOptions({ soft, line }, read) {
  const { shares = false } = read();
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
        max: shares ? 1 : undefined,
        grid: { color: line },
        border: { display: false },
        ticks: {
          color: soft,
          precision: shares ? undefined : 0,
          maxTicksLimit: 5,
          callback: (value) => (shares ? percent(Number(value)) : shortNumber(Number(value))),
        },
      },
    },
    interaction: { mode: "index", intersect: false },
    plugins: { tooltip: tooltipOf(read) },
  };
}

/**
 * The seconds of each expression with its share, from the top of the stack down, and how many they are in all.
 * @param {() => Bars} read
 */
function tooltipOf(read) {
  return {
    /** @param {TooltipItem<"bar">} item */
    filter: ({ raw }) => Number(raw) > 0,
    /** @param {TooltipItem<"bar">} one @param {TooltipItem<"bar">} other */
    itemSort: (one, other) => other.datasetIndex - one.datasetIndex,
    callbacks: {
      /** @param {TooltipItem<"bar">} item */
      label: ({ dataIndex, datasetIndex }) => ` ${partText(read().steps[dataIndex], BY_VALENCE[datasetIndex])}`,
      /** @param {TooltipItem<"bar">[]} items */
      footer: (items) => (items[0] ? counted("seconds", read().steps[items[0].dataIndex].count) : ""),
    },
  };
}

/**
 * "Happiness: 1,234 (43.2%)".
 * @param {Step} step
 * @param {Emotion} name
 */
export function partText({ count, by_emotion: by }, name) {
  return `${emotionName(name)}: ${number(by[name])} (${fixedPercent(count ? by[name] / count : 0)})`;
}

/**
 * A doughnut of the seven, or of one of them among the others, which are then all of one grey.
 * @param {HTMLCanvasElement} canvas
 * @param {() => {counts: Counts, only: Emotion|""}} read `only`: the one to bring out
 * @param {(name: Emotion) => void} [pick] is told whose slice was clicked
 */
export function doughnut(canvas, read, pick) {
  return chart(canvas, ({ fills, ground, line }) => {
    const { counts, only } = read();
    /** @param {Emotion} name */
    const heldBack = (name) => only !== "" && only !== name;
    const dataset = {
      data: BY_VALENCE.map((name) => counts[name]),
      backgroundColor: BY_VALENCE.map((name) => (heldBack(name) ? line : fills[name])),
      borderColor: ground,
      borderWidth: BY_VALENCE.map((name) => (heldBack(name) ? 0 : 2)),
      borderRadius: only ? 0 : 4,
    };
    const total = totalOf(counts);
    return {
      type: "doughnut",
      data: { labels: BY_VALENCE.map(emotionName), datasets: [dataset] },
      options: {
        cutout: "70%",
        onClick: (_, [slice]) => slice && pick?.(BY_VALENCE[slice.index]),
        onHover: (_, [slice]) => canvas.classList.toggle("can-pick", Boolean(pick && slice)),
        plugins: {
          tooltip: { callbacks: { label: ({ parsed }) => ` ${number(parsed)} (${fixedPercent(parsed / total)})` } },
        },
      },
    };
  });
}
