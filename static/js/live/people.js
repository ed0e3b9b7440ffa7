// Who is seen in a run: each track a person with a number, their last minute, and their seconds. Nobody is recognised.
import { Tally } from "./tally.js";

/**
 * @import { Scores } from "../core/emotions.js"
 * @import { Face } from "../client/types.js"
 * @typedef {{at: number, scores: Scores}} Moment
 */

/** Milliseconds that lanes show. */
export const SPAN = 60_000;
/** Milliseconds between two moments of a lane. */
export const STEP = 500;
/** Milliseconds without a moment after which a lane is interrupted. */
export const BREAK = 1500;
/** Milliseconds for which somebody has to be seen to be shown: what a detector takes for a face is often shorter. */
const SHORTEST = 500;

/** A track: a face that is followed from its appearance to its loss. */
export class Person {
  moments = /** @type {Moment[]} */ ([]);
  tally = new Tally();
  lastAt = 0;

  /**
   * @param {number} number
   * @param {Face} face
   * @param {number} at milliseconds of the run
   */
  constructor(number, face, at) {
    this.number = number;
    this.face = face;
    this.firstAt = at;
  }

  /** Whether they were seen for long enough to be no mistake. */
  get isSure() {
    return this.lastAt - this.firstAt >= SHORTEST;
  }

  /**
   * @param {Face} face
   * @param {number} at
   */
  see(face, at) {
    if (at < this.lastAt) this.moments = []; // The video was wound back.
    this.face = face;
    this.lastAt = at;
    this.tally.add(face.scores, at);
    this.#remember(face.smoothed?.scores ?? face.scores, at);
  }

  /**
   * Within half a second the newest scores replace the last ones.
   * @param {Scores} scores
   * @param {number} at
   */
  #remember(scores, at) {
    const last = this.moments.at(-1);
    if (last && at - last.at < STEP) last.scores = scores;
    else this.moments.push({ at, scores });
    while (this.moments[0].at < at - SPAN - BREAK) this.moments.shift();
  }
}

export class People {
  /** @type {Map<string, Person>} */
  #people = new Map();
  #connection = 0;
  #last = 0;

  /** Everybody who was seen long enough, in the order of their numbers. */
  get all() {
    return [...this.#people.values()].filter(({ isSure }) => isSure).sort((one, other) => one.number - other.number);
  }

  /**
   * Who was seen within the last minute, or is only just there.
   * @param {number} now milliseconds of the run
   */
  recent(now) {
    return this.all.filter(({ lastAt }) => lastAt >= now - SPAN && lastAt <= now + BREAK);
  }

  /**
   * Note the faces of a frame.
   * @param {Face[]} faces
   * @param {number} at milliseconds of the run
   * @returns {Person[]} whose each face is
   */
  see(faces, at) {
    return faces.map((face, index) => {
      const person = this.#of(face, index, at);
      person.see(face, at);
      return person;
    });
  }

  /** From now on another tracker counts, whose numbers say nothing of those before. */
  reconnected() {
    this.#connection += 1;
  }

  /** Forget everybody. */
  clear() {
    this.#people.clear();
    this.#last = 0;
  }

  /**
   * @param {Face} face
   * @param {number} index
   * @param {number} at
   */
  #of(face, index, at) {
    const key = `${this.#connection} ${face.person ?? ""} ${face.track_id ?? -index}`;
    const known = this.#people.get(key);
    if (known) return known;
    const number = face.person ?? this.#last + 1; // In a session the number that it gives.
    this.#last = Math.max(this.#last, number);
    const person = new Person(number, face, at);
    this.#people.set(key, person);
    return person;
  }
}
