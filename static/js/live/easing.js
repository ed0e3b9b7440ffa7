// Boxes that glide to where the last answer put them, on animation frames, so that they do not tremble or jump.

/** @import { Box } from "../client/types.js" */

/** Milliseconds in which a box goes about two thirds of its way. */
const TAU = 70;
const REST = 0.5;

/**
 * A box on its way to another, `ms` later; the other itself once it is within half a pixel.
 * @param {Box} from
 * @param {Box} to
 * @param {number} ms
 * @returns {Box}
 */
export function eased(from, to, ms) {
  const left = Math.exp(-Math.max(ms, 0) / TAU);
  const sides = /** @type {const} */ (["x", "y", "width", "height"]);
  if (sides.every((side) => Math.abs(from[side] - to[side]) * left < REST)) return to;
  const [x, y, width, height] = sides.map((side) => to[side] + (from[side] - to[side]) * left);
  return { x, y, width, height };
}
