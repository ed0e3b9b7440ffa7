// Pictures as the REST API takes them.

/** @import { Picture } from "./types.js" */

/**
 * The body of one picture.
 * @param {Picture} picture
 * @returns {{json: unknown}|{body: BodyInit, type: string}}
 */
export function pictureOf(picture) {
  if (typeof picture === "string") return { json: { image: picture } };
  // Which format it is the server sees for itself.
  return { body: /** @type {BodyInit} */ (picture), type: "image/*" };
}

/**
 * The form of several pictures.
 * @param {Picture[]} pictures
 */
export function batchOf(pictures) {
  const form = new FormData();
  for (const [index, picture] of pictures.entries()) {
    const blob = picture instanceof Blob ? picture : new Blob([/** @type {BlobPart} */ (bytesOf(picture))]);
    form.append("files", blob, blob instanceof File ? blob.name : `picture-${index}`);
  }
  return form;
}

/** @param {ArrayBuffer|Uint8Array|string} picture */
function bytesOf(picture) {
  if (typeof picture !== "string") return picture;
  return Uint8Array.from(atob(picture.replace(/^data:[^,]*,/, "")), (character) => character.charCodeAt(0));
}
