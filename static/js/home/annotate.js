// A picture with the boxes and labels of its faces drawn into it, as a PNG to keep.
import { contextOf } from "../core/dom.js";
import { colour } from "../core/emotions.js";
import { expressionOf } from "./words.js";

/**
 * @import { Face } from "../client/types.js"
 */

const LONGEST_SIDE = 4096;
/** The height of letters as a share of the picture's shorter side, and the least pixels of it. */
const LETTERS = 0.028;
const LEAST_LETTERS = 12;

/**
 * @param {HTMLImageElement} picture
 * @param {Face[]} faces
 * @param {number} scale pixels of the picture that was read for a pixel of this one
 * @returns {Promise<Blob>}
 */
export function annotated(picture, faces, scale) {
  const { naturalWidth, naturalHeight } = picture;
  const shrink = Math.min(1, LONGEST_SIDE / Math.max(naturalWidth, naturalHeight));
  const canvas = new OffscreenCanvas(Math.round(naturalWidth * shrink), Math.round(naturalHeight * shrink));
  const context = contextOf(canvas);
  context.drawImage(picture, 0, 0, canvas.width, canvas.height);
  context.scale(shrink / scale, shrink / scale);
  const size = Math.max(LEAST_LETTERS, Math.min(canvas.width, canvas.height) * LETTERS) / (shrink / scale);
  const right = (canvas.width * scale) / shrink;
  context.font = `600 ${size}px ${getComputedStyle(picture).fontFamily}`;
  context.textBaseline = "middle";
  for (const face of faces) frame(context, face, size);
  for (const [index, face] of faces.entries()) label(context, face, faces.length > 1 ? index + 1 : null, size, right);
  return canvas.convertToBlob({ type: "image/png" });
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {Face} face
 * @param {number} size
 */
function frame(context, { box }, size) {
  context.beginPath();
  context.roundRect(box.x, box.y, box.width, box.height, size / 2);
  for (const [width, stroke] of /** @type {[number, string][]} */ ([
    [size / 3, "rgb(0 0 0 / 45%)"],
    [size / 6, "white"],
  ])) {
    Object.assign(context, { lineWidth: width, strokeStyle: stroke });
    context.stroke();
  }
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {Face} face
 * @param {number|null} number
 * @param {number} size
 * @param {number} right the width of the picture
 */
function label(context, face, number, size, right) {
  const words = number === null ? expressionOf(face) : `${number}  ${expressionOf(face)}`;
  const [width, height] = [context.measureText(words).width + size * 2.1, size * 1.8];
  const x = Math.max(0, Math.min(face.box.x, right - width));
  const y = Math.max(0, face.box.y - height);
  context.beginPath();
  context.roundRect(x, y, width, height, height / 2);
  context.fillStyle = colour("surface");
  context.fill();
  context.beginPath();
  context.arc(x + size * 0.9, y + height / 2, size * 0.38, 0, 2 * Math.PI);
  context.fillStyle = colour(face.emotion_name);
  context.fill();
  context.fillStyle = colour("ink");
  context.fillText(words, x + size * 1.55, y + height / 2);
}
