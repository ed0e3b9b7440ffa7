// The seven apparent expressions in their order, and their colours in the theme that is shown.

/**
 * @typedef {import("../client/types.js").Emotion} Emotion
 * @typedef {import("../client/types.js").Scores} Scores
 */

/** @type {readonly Emotion[]} */
export const EMOTIONS = ["angry", "disgust", "fear", "happy", "neutral", "sad", "surprise"];

/**
 * The seven as people read them, from pleasant to unpleasant; charts, bars and lists show them in this order.
 * @type {readonly Emotion[]}
 */
export const BY_VALENCE = ["happy", "surprise", "neutral", "sad", "fear", "disgust", "angry"];

/** Colours of tracks: told apart by lightness as much as by hue, and apart from a photograph's own. */
const TRACKS = ["#ffffff", "#ffd166", "#7bdff2", "#f7a1c4", "#b8f2a0", "#cdb4ff"];

/**
 * The colour of a face that is followed; the same face keeps it.
 * @param {number|null|undefined} track
 */
export function trackColour(track) {
  return TRACKS[Math.abs(track ?? 0) % TRACKS.length];
}

/**
 * A custom property as the colour it has now: canvases do not read `var()`, and `light-dark()` has to be worked out.
 * @param {string} name without the dashes
 */
export function colour(name) {
  const probe = document.createElement("i");
  probe.style.setProperty("forced-color-adjust", "none"); // Forced colours would make all of them that of text.
  probe.style.color = `var(--${name})`;
  document.body.append(probe);
  const value = getComputedStyle(probe).color;
  probe.remove();
  return value;
}

/** The colour of each emotion now. */
export function emotionColours() {
  return byEmotion(colour);
}

/**
 * A value for each emotion.
 * @template Value
 * @param {(name: Emotion) => Value} value
 * @returns {Record<Emotion, Value>}
 */
export function byEmotion(value) {
  return /** @type {Record<Emotion, Value>} */ (Object.fromEntries(EMOTIONS.map((name) => [name, value(name)])));
}

/**
 * The best name of a set of scores.
 * @param {Scores} scores
 */
export function best(scores) {
  return EMOTIONS.reduce((one, other) => (scores[other] > scores[one] ? other : one));
}

/**
 * How many there are of all seven.
 * @param {Record<Emotion, number>} counts
 */
export function totalOf(counts) {
  return EMOTIONS.reduce((sum, name) => sum + counts[name], 0);
}

/**
 * @param {string} name
 * @returns {name is Emotion}
 */
export function isEmotion(name) {
  return EMOTIONS.some((emotion) => emotion === name);
}
