// A photograph that is heavy to send is sent smaller: a face needs no forty megapixels.
import { contextOf } from "./dom.js";
import { limits } from "./limits.js";

const HEAVY_BYTES = 8 * 1024 * 1024;
const LONGEST_SIDE = 2560;
const SMALLEST_SCALE = 0.02;

/**
 * Return `blob`, or a smaller JPEG of the same shape where it is too heavy to send, and by how much it is smaller.
 * @param {Blob} blob
 * @returns {Promise<{blob: Blob, scale: number}>} `scale`: pixels of the result for a pixel of the original
 */
export async function shrunk(blob) {
  if (blob.size <= Math.min(HEAVY_BYTES, limits.image.max_bytes)) return { blob, scale: 1 };
  const bitmap = await createImageBitmap(blob, { imageOrientation: "from-image" }).catch(() => null);
  if (!bitmap) return { blob, scale: 1 }; // Not a picture that this browser reads; the server says so in words.
  let scale = firstScale(bitmap);
  let smaller = await drawn(bitmap, scale);
  while (smaller.size > limits.image.max_bytes && scale > SMALLEST_SCALE) {
    scale *= Math.SQRT1_2;
    smaller = await drawn(bitmap, scale);
  }
  bitmap.close();
  return { blob: smaller, scale };
}

/** @param {ImageBitmap} bitmap */
function firstScale({ width, height }) {
  return Math.min(1, LONGEST_SIDE / Math.max(width, height), Math.sqrt(limits.image.max_pixels / (width * height)));
}

/**
 * @param {ImageBitmap} bitmap
 * @param {number} scale
 */
function drawn(bitmap, scale) {
  const canvas = new OffscreenCanvas(Math.floor(bitmap.width * scale) || 1, Math.floor(bitmap.height * scale) || 1);
  contextOf(canvas).drawImage(bitmap, 0, 0, canvas.width, canvas.height);
  return canvas.convertToBlob({ type: "image/jpeg", quality: 0.9 });
}
