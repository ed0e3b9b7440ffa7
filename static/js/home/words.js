// What is said of a face in a few words.
import { emotionName, percent, t } from "../core/texts.js";

/** @import { Face } from "../client/types.js" */

/**
 * The expression and its confidence: "Surprise 82%", or "Surprise?" where most people would say something else.
 * @param {Face} face
 */
export function expressionOf({ emotion_name: name, confidence, uncertain }) {
  return uncertain ? t("face.unsure", { name: emotionName(name) }) : `${emotionName(name)} ${percent(confidence)}`;
}

/**
 * A face by its number: "Face 3: Surprise 82%".
 * @param {Face} face
 * @param {number} index from 0
 */
export function namedFace(face, index) {
  return t("face.named", { number: index + 1, expression: expressionOf(face) });
}
