// Which person the headline of the live page speaks of: one track, so that it does not change with every frame.

/** @import { Face } from "../client/types.js" */

/** Milliseconds without the person after which they are gone: a turned head or a missed frame is shorter. */
export const GONE_AFTER = 700;
/** Another face is clearly larger from this ratio of the areas, sides that differ by a fifth. */
export const CLEARLY_LARGER = 1.5;
/** Milliseconds for which it has to stay so. */
export const LARGER_FOR = 1000;
/** Milliseconds for which somebody who was picked is waited for: after 1.6 s the server takes them for somebody new. */
export const PICK_STAYS = 1900;
/** Milliseconds for which somebody who was pinned is: as long as their lane is shown. */
export const PIN_STAYS = 60_000;

/** @typedef {{face: Face, seenAt: number, pinned: boolean}} Pick */

/**
 * Follows one person: who was picked, else the one with the largest face at first, until they are gone or somebody else
 * has been clearly larger for a while. It has no clock: every call is told the time, in milliseconds.
 */
export class Headline {
  #face = /** @type {Face|null} */ (null);
  /** @type {Map<number|undefined, number>} when each track was last seen, of those that were of late */
  #seen = new Map();
  #rival = /** @type {{track: number|undefined, since: number}|null} */ (null);
  #pick = /** @type {Pick|null} */ (null);

  /** The track of who was picked, and whether they are pinned; null without a pick. */
  get picked() {
    return this.#pick && { track: this.#pick.face.track_id, pinned: this.#pick.pinned };
  }

  /**
   * Speak of one person, whoever is larger.
   * @param {Face} face
   * @param {number} now
   * @param {{pinned?: boolean}} [options] `pinned`: also while they are not to be seen
   */
  pick(face, now, { pinned = false } = {}) {
    this.#pick = { face, seenAt: now, pinned };
  }

  /** Let the rule choose again. */
  release() {
    this.#pick = null;
  }

  /**
   * The face to speak of, which is the person's last one while they are missing for a moment; null without faces, and
   * the largest of faces without tracks.
   * @param {Face[]} faces of a frame
   * @param {number} now
   * @returns {Face|null}
   */
  choose(faces, now) {
    const ruled = this.#ruled(faces, now);
    return this.#picked(faces, now) ?? ruled;
  }

  /**
   * The last face of who was picked, while they are waited for.
   * @param {Face[]} faces
   * @param {number} now
   */
  #picked(faces, now) {
    const pick = this.#pick;
    if (!pick) return null;
    const face = faces.find(({ track_id }) => track_id === pick.face.track_id);
    if (face) this.#pick = { ...pick, face, seenAt: now };
    else if (now - pick.seenAt >= (pick.pinned ? PIN_STAYS : PICK_STAYS)) this.release();
    return this.#pick?.face ?? null;
  }

  /**
   * @param {Face[]} faces
   * @param {number} now
   */
  #ruled(faces, now) {
    const largest = largestOf(faces);
    if (largest?.track_id === undefined) return largest;
    for (const [track, at] of this.#seen) if (now - at >= GONE_AFTER) this.#seen.delete(track);
    const followed = this.#find(faces);
    const leaves = followed ? this.#isOutgrown(followed, largest, now) : !this.#isExpected(faces);
    for (const { track_id } of faces) this.#seen.set(track_id, now);
    const face = leaves ? largest : followed;
    return face ? this.#follow(face) : this.#face;
  }

  /** Forget the person and the pick. */
  reset() {
    this.#face = null;
    this.#rival = null;
    this.#seen.clear();
    this.release();
  }

  /** @param {Face[]} faces */
  #find(faces) {
    return faces.find((face) => face.track_id === this.#face?.track_id) ?? null;
  }

  /**
   * Whether the missing person may still come back: not after long, nor where all there is is one stranger, who took
   * their place.
   * @param {Face[]} faces
   */
  #isExpected(faces) {
    const replaced = faces.length === 1 && !this.#seen.has(faces[0].track_id);
    return this.#face !== null && !replaced && this.#seen.has(this.#face.track_id);
  }

  /**
   * Whether somebody else has been clearly larger for long enough.
   * @param {Face} followed
   * @param {Face} largest
   * @param {number} now
   */
  #isOutgrown(followed, largest, now) {
    if (area(largest) < CLEARLY_LARGER * area(followed)) this.#rival = null;
    else if (this.#rival?.track !== largest.track_id) this.#rival = { track: largest.track_id, since: now };
    return this.#rival !== null && now - this.#rival.since >= LARGER_FOR;
  }

  /** @param {Face} face */
  #follow(face) {
    if (face.track_id !== this.#face?.track_id) this.#rival = null;
    this.#face = face;
    return face;
  }
}

/** @param {Face[]} faces */
function largestOf(faces) {
  return faces.reduce(
    (best, face) => (best && area(best) >= area(face) ? best : face),
    /** @type {Face|null} */ (null),
  );
}

/** @param {Face} face */
function area({ box }) {
  return box.width * box.height;
}
