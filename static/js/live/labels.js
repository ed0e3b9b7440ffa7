// Label placement: where the label of each face stands, covering neither a face nor another label.

/**
 * @import { Box } from "../client/types.js"
 * @typedef {{x: number, y: number}} Spot the upper left corner of a label
 */

const GAP = 6;
const EDGE = 4;

/**
 * The spot of each label beside its box, as near as there is room; null where there is none.
 * @param {Box[]} boxes
 * @param {{width: number, height: number}[]} sizes of the labels, in the order of the boxes
 * @param {{width: number, height: number}} area in which labels stay
 * @param {(Spot|null|undefined)[]} [before] offsets from the boxes that the labels had, taken first: labels stay
 * @returns {(Spot|null)[]}
 */
export function labelSpots(boxes, sizes, area, before = []) {
  const taken = [...boxes];
  return boxes.map((box, index) => {
    const size = sizes[index];
    const last = before[index];
    const wished = last ? [{ x: box.x + last.x, y: box.y + last.y }] : [];
    const free = (/** @type {Spot} */ spot) => fits({ ...spot, ...size }, area, taken);
    const spot = [...wished, ...beside(box, size, area)].find(free) ?? nearest(box, size, area, free);
    if (spot) taken.push({ ...spot, ...size });
    return spot;
  });
}

/**
 * Whether a label is beside a box, not further away.
 * @param {Box} label
 * @param {Box} box
 */
export function isBeside(label, box) {
  const across = Math.max(box.x - label.x - label.width, label.x - box.x - box.width);
  const down = Math.max(box.y - label.y - label.height, label.y - box.y - box.height);
  return Math.max(across, down) <= GAP + 1;
}

/**
 * Above, below and at the sides of a box, the best first.
 * @param {Box} box
 * @param {{width: number, height: number}} size
 * @param {{width: number, height: number}} area
 * @returns {Spot[]}
 */
function beside(box, size, area) {
  const inside = (/** @type {number} */ x) => Math.max(EDGE, Math.min(x, area.width - size.width - EDGE));
  const [above, below] = [box.y - size.height - GAP, box.y + box.height + GAP];
  const columns = [inside(box.x), inside(box.x + box.width - size.width)];
  const rows = [box.y, box.y + box.height - size.height];
  return [
    ...[above, below].flatMap((y) => columns.map((x) => ({ x, y }))),
    ...[box.x + box.width + GAP, box.x - size.width - GAP].flatMap((x) => rows.map((y) => ({ x, y }))),
  ];
}

/**
 * The free spot of a grid over the area that is nearest to a box.
 * @param {Box} box
 * @param {{width: number, height: number}} size
 * @param {{width: number, height: number}} area
 * @param {(spot: Spot) => boolean} free
 * @returns {Spot|null}
 */
function nearest(box, size, area, free) {
  const step = Math.max(4, size.height / 3);
  let [best, least] = [/** @type {Spot|null} */ (null), Number.POSITIVE_INFINITY];
  for (let y = EDGE; y <= area.height - size.height - EDGE; y += step) {
    for (let x = EDGE; x <= area.width - size.width - EDGE; x += step) {
      const across = x + size.width / 2 - box.x - box.width / 2;
      const distance = Math.hypot(across, y + size.height / 2 - box.y - box.height / 2);
      if (distance < least && free({ x, y })) [best, least] = [{ x, y }, distance];
    }
  }
  return best;
}

/**
 * @param {Box} label
 * @param {{width: number, height: number}} area
 * @param {Box[]} taken
 */
function fits(label, area, taken) {
  const { x, y, width, height } = label;
  return x >= 0 && y >= 0 && x + width <= area.width && y + height <= area.height && !taken.some(overlaps(label));
}

/** @param {Box} one */
function overlaps(one) {
  return (/** @type {Box} */ other) =>
    one.x < other.x + other.width &&
    other.x < one.x + one.width &&
    one.y < other.y + other.height &&
    other.y < one.y + one.height;
}
