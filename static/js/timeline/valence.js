// The seven in the order in which people read them, and what stands for each beside its colour.
import { emotionName } from "../core/texts.js";

/** @import { Emotion } from "../core/emotions.js" */

/** @type {readonly Emotion[]} from pleasant to unpleasant */
export const BY_VALENCE = ["happy", "surprise", "neutral", "sad", "fear", "disgust", "angry"];

/** @param {Emotion} name */
export function emotionLetters(name) {
  return emotionName(name).slice(0, 2);
}
