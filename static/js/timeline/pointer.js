// The pointer over a timeline: it reads a moment where it hovers, chooses one by a click, and a stretch by dragging.

const DRAGGED = 5;

/**
 * @typedef {object} Told parts of the width are of 0 to 1
 * @property {(part: number, y: number) => void} hover
 * @property {() => void} leave
 * @property {(part: number, y: number) => void} choose
 * @property {(from: number, until: number) => void} mark while a stretch is being dragged; equal ones end it
 * @property {(from: number, until: number) => void} stretch
 */

/**
 * @param {HTMLElement} chart
 * @param {Told} told
 */
export function followPointer(chart, told) {
  let start = /** @type {number|null} */ (null);
  /** @param {PointerEvent} event */
  const partOf = ({ clientX }) => {
    const { left, width } = chart.getBoundingClientRect();
    return Math.min(1, Math.max(0, (clientX - left) / (width || 1)));
  };
  /** @param {number} part */
  const dragged = (part) => start !== null && Math.abs(part - start) * chart.clientWidth > DRAGGED;

  chart.addEventListener("pointerdown", (event) => {
    if (event.button === 0) start = partOf(event);
  });
  chart.addEventListener("pointermove", (event) => {
    const part = partOf(event);
    if (start !== null && dragged(part)) {
      chart.setPointerCapture(event.pointerId);
      told.mark(Math.min(start, part), Math.max(start, part));
    }
    told.hover(part, event.clientY);
  });
  chart.addEventListener("pointerup", (event) => {
    const part = partOf(event);
    const from = start;
    start = null;
    told.mark(0, 0);
    if (from === null) return;
    if (Math.abs(part - from) * chart.clientWidth > DRAGGED) told.stretch(Math.min(from, part), Math.max(from, part));
    else told.choose(part, event.clientY);
  });
  chart.addEventListener("pointercancel", () => {
    start = null;
    told.mark(0, 0);
  });
  chart.addEventListener("pointerleave", told.leave);
}
