// What is drawn over the bars: letters in them, the step that is looked at, a range, and where the weights changed.
import { BY_VALENCE } from "../core/emotions.js";
import { emotionLetters } from "../core/texts.js";

/**
 * @import { BarElement, Chart, Plugin } from "chart.js"
 * @import { Inks } from "../core/charts.js"
 * @import { Emotion } from "../core/emotions.js"
 *
 * @typedef {{from: number, to: number, emotion: Emotion|""}} Span steps that are looked at, both included
 * @typedef {{at: number, text: string}} Mark `at` is a place among the steps: 1.5 is the middle of the second
 * @typedef {{span: Span|null, marks: Mark[]}} Layers
 * @typedef {() => {layers?: Layers}} Read
 */

const LEAST_WIDTH = 20;
const LEAST_HEIGHT = 15;

/**
 * The two letters of each expression in the parts of bars that have room for them.
 * @param {Inks} inks
 * @returns {Plugin<"bar">}
 */
export function letters({ ink, ground }) {
  return {
    id: "letters",
    afterDatasetsDraw(chart) {
      const { ctx } = chart;
      ctx.save();
      Object.assign(ctx, { textAlign: "center", textBaseline: "middle", font: `600 11px ${fontOf()}`, lineWidth: 3 });
      Object.assign(ctx, { fillStyle: ink, strokeStyle: ground, lineJoin: "round" });
      BY_VALENCE.forEach((name, index) => {
        for (const bar of chart.getDatasetMeta(index).data) {
          const { x = 0, y = 0, width, height } = sizeOf(bar);
          if (width < LEAST_WIDTH || height < LEAST_HEIGHT) continue;
          write(ctx, emotionLetters(name), x, y + height / 2);
        }
      });
      ctx.restore();
    },
  };
}

/**
 * Text with an edge, to be read on any ground.
 * @param {CanvasRenderingContext2D} ctx
 * @param {string} text
 * @param {number} x
 * @param {number} y
 */
function write(ctx, text, x, y) {
  ctx.strokeText(text, x, y);
  ctx.fillText(text, x, y);
}

/** @param {object} bar */
function sizeOf(bar) {
  const drawn = /** @type {BarElement} */ (bar).getProps(["x", "y", "width", "height"], true);
  return { x: drawn.x ?? 0, y: drawn.y ?? 0, width: drawn.width ?? 0, height: Math.abs(drawn.height ?? 0) };
}

function fontOf() {
  return getComputedStyle(document.body).fontFamily;
}

/**
 * A ground behind the steps that are looked at, and a frame around the part of an expression.
 * @param {Inks} inks
 * @param {Read} read
 * @returns {Plugin<"bar">}
 */
export function selection({ line, ink }, read) {
  return {
    id: "selection",
    beforeDatasetsDraw(chart) {
      const span = read().layers?.span;
      if (!span) return;
      const { top, bottom } = chart.chartArea;
      const [left, right] = [edgeOf(chart, span.from), edgeOf(chart, span.to + 1)];
      chart.ctx.save();
      chart.ctx.fillStyle = line;
      chart.ctx.fillRect(left, top, right - left, bottom - top);
      chart.ctx.restore();
    },
    afterDatasetsDraw(chart) {
      const span = read().layers?.span;
      if (!span || span.from !== span.to) return;
      const bar = span.emotion && chart.getDatasetMeta(BY_VALENCE.indexOf(span.emotion)).data[span.from];
      if (!bar) return;
      const { x = 0, y = 0, width, height } = sizeOf(bar);
      chart.ctx.save();
      Object.assign(chart.ctx, { strokeStyle: ink, lineWidth: 2 });
      chart.ctx.strokeRect(x - width / 2 - 1, y - 1, width + 2, height + 2);
      chart.ctx.restore();
    },
  };
}

/**
 * A line with a tag where another version of the weights began to read.
 * @param {Inks} inks
 * @param {Read} read
 * @returns {Plugin<"bar">}
 */
export function versionMarks({ ink, ground }, read) {
  return {
    id: "versionMarks",
    afterDatasetsDraw(chart) {
      const { ctx, chartArea } = chart;
      ctx.save();
      Object.assign(ctx, { fillStyle: ink, textBaseline: "top", font: `600 11px ${fontOf()}` });
      for (const { at, text } of read().layers?.marks ?? []) {
        const x = edgeOf(chart, at);
        dashed(ctx, x, chartArea.top, chartArea.bottom, ink);
        const late = x > (chartArea.left + chartArea.right) / 2;
        Object.assign(ctx, { strokeStyle: ground, lineWidth: 3, textAlign: late ? "right" : "left" });
        write(ctx, text, late ? x - 5 : x + 5, chartArea.top);
      }
      ctx.restore();
    },
  };
}

/**
 * @param {CanvasRenderingContext2D} ctx
 * @param {number} x
 * @param {number} top
 * @param {number} bottom
 * @param {string} ink
 */
function dashed(ctx, x, top, bottom, ink) {
  Object.assign(ctx, { strokeStyle: ink, lineWidth: 1.5 });
  ctx.setLineDash([4, 3]);
  ctx.beginPath();
  ctx.moveTo(x, top);
  ctx.lineTo(x, bottom);
  ctx.stroke();
  ctx.setLineDash([]);
}

/**
 * Where a step begins on the canvas, in pixels.
 * @param {Chart} chart
 * @param {number} step may have a fraction
 */
function edgeOf({ chartArea: { left, right }, data }, step) {
  return left + ((right - left) * step) / Math.max(1, data.labels?.length ?? 1);
}

/**
 * The step at a place of the canvas.
 * @param {Chart} chart
 * @param {number} x pixels
 */
export function stepAt({ chartArea: { left, right }, data }, x) {
  const count = data.labels?.length ?? 0;
  return Math.max(0, Math.min(count - 1, Math.floor(((x - left) / (right - left)) * count)));
}
