// What the live page shows of a run: boxes, the card of one person, lanes, the state; and how old all of it is.
import { byId } from "../core/dom.js";
import { number, t } from "../core/texts.js";
import { Headline } from "./headline.js";
import { Lanes } from "./lanes.js";
import { MetersPanel } from "./meters-panel.js";
import { NowCard } from "./now-card.js";
import { BREAK } from "./people.js";
import { Stage } from "./stage.js";
import { Status } from "./status.js";

/**
 * @import { StreamError } from "../client/failures.js"
 * @import { ConnectionState, Face, FrameAnswer } from "../client/types.js"
 * @import { Person } from "./people.js"
 * @import { Run } from "./run.js"
 * @import { Source } from "./source.js"
 */

const EVERY = 100;
const TOLD_EVERY = 4000;
/** Milliseconds without an answer after which what is shown is old, and after which it is removed. */
const STALE_AFTER = 1500;
const REMOVED_AFTER = 10_000;

export class LiveView {
  stage = new Stage();
  #run;
  #source;
  #board = byId("live");
  #card = new NowCard();
  #lanes = new Lanes();
  #meters = new MetersPanel();
  #status = new Status();
  #headline = new Headline();
  #connection = /** @type {ConnectionState} */ ("idle");
  #isReading = false;
  #isAsleep = false;
  /** When the last answer came, while something of it is shown. */
  #answeredAt = /** @type {number|null} */ (null);
  #spoken = /** @type {Person|null} */ (null);
  #picked = /** @type {Person|null} */ (null);
  #problem = "";

  /**
   * @param {Run} run
   * @param {Source} source
   */
  constructor(run, source) {
    this.#run = run;
    this.#source = source;
    for (const part of [this.#lanes, this.stage]) {
      part.addEventListener("pick", (event) => this.#pick(personOf(event), false));
    }
    this.#lanes.addEventListener("pin", (event) => this.#pick(personOf(event), true));
    setInterval(() => this.#tick(), EVERY);
    setInterval(() => this.#run.isOn && this.#lanes.tell(this.#run, this.#source.now), TOLD_EVERY);
  }

  /** @param {"asking"|"live"|"over"} state what the page is about: the question, a run, or its summary */
  set state(state) {
    this.#board.dataset.state = state;
    this.#board.hidden = state === "over";
  }

  /** @param {boolean} on whether frames are being read */
  set isReading(on) {
    this.#isReading = on;
    byId("screen").classList.toggle("running", on);
  }

  /** @param {boolean} on whether nothing is read because the page is hidden */
  set isAsleep(on) {
    this.#isAsleep = on;
  }

  /** @param {ConnectionState} state */
  set connection(state) {
    this.#connection = state;
    this.stage.lost(state === "lost");
  }

  /** Another tracker numbers the faces from now on. */
  reconnected() {
    this.#headline.reset();
    this.#picked = null;
  }

  /** Clear what is shown of the run. */
  reset() {
    this.#headline.reset();
    this.#picked = null;
    this.#problem = "";
    this.#remove("");
    this.#lanes.clear();
  }

  /**
   * @param {number} rtt
   * @param {FrameAnswer} answer
   */
  measured(rtt, answer) {
    this.#meters.add(rtt, answer);
  }

  /**
   * @param {Face[]} faces of an answered frame
   * @param {Person[]} people whose each face is
   */
  show(faces, people) {
    this.#problem = "";
    this.#answeredAt = performance.now();
    const face = this.#headline.choose(faces, this.#answeredAt);
    if (!this.#headline.picked) this.#picked = null;
    const index = face ? faces.indexOf(face) : -1;
    if (index >= 0) this.#spoken = people[index];
    else if (!face) this.#spoken = null;
    this.#status.faces(faces.length);
    this.stage.draw(faces, people, this.#source.size, face);
    if (face && this.#spoken) this.#showFace(face, this.#spoken, faces.length);
    else this.#card.clear(t("live.nobody"));
  }

  /** @param {StreamError} error */
  problem(error) {
    if (error.code === "timeout") return;
    this.#problem = error.message;
    this.#card.note(error.message);
  }

  /**
   * @param {Face} face
   * @param {Person} person
   * @param {number} count of the faces in the picture
   */
  #showFace(face, person, count) {
    this.#card.show(face, this.#who(person, count));
    const away = this.#source.now - person.lastAt;
    if (away > BREAK) this.#card.note(t("live.away", { seconds: seconds(away) }));
  }

  /**
   * @param {Person} person
   * @param {number} count
   */
  #who({ number: one }, count) {
    const { picked } = this.#headline;
    if (picked) return t(picked.pinned ? "who.pinned" : "who.picked", { number: one });
    return t(count > 1 ? "who.closest" : "person.number", { number: one });
  }

  /**
   * Speak of somebody, or let the rule choose again where they are spoken of by choice already.
   * @param {Person} person
   * @param {boolean} pinned
   */
  #pick(person, pinned) {
    const { picked } = this.#headline;
    const isAway = this.#source.now - person.lastAt > BREAK;
    if (this.#picked === person && picked?.pinned === pinned) {
      this.#headline.release();
      this.#picked = null;
    } else if (!isAway) {
      this.#headline.pick(person.face, performance.now(), { pinned });
      this.#picked = person;
    }
  }

  #tick() {
    const { isOn } = this.#run;
    const now = this.#source.now;
    this.#status.state(this.#state);
    this.#status.clock(isOn ? now : null, this.#source.length);
    this.#meters.show();
    if (isOn) this.#lanes.draw(this.#run, now, this.#chosen, this.#spoken);
    this.#age();
  }

  get #state() {
    if (this.#connection !== "connected" || !this.#run.isOn) return this.#connection;
    if (this.#isAsleep) return "asleep";
    return this.#isReading ? "connected" : "paused";
  }

  get #chosen() {
    const { picked } = this.#headline;
    return this.#picked && picked ? { number: this.#picked.number, pinned: picked.pinned } : null;
  }

  /** Show how old what is shown is, and remove it when it is too old. */
  #age() {
    const age = this.#answeredAt === null ? 0 : performance.now() - this.#answeredAt;
    const isNow = this.#isReading && this.#connection === "connected" && age < STALE_AFTER;
    const isStale = this.#answeredAt !== null && !isNow;
    this.#board.classList.toggle("stale", isStale);
    if (!isStale) return;
    this.#meters.reset();
    if (age >= REMOVED_AFTER) this.#remove(this.#problem || t("live.nothing"));
    else this.#card.note(this.#problem || t("live.last_seen", { seconds: seconds(age) }));
  }

  /** @param {string} why nothing is shown of any face */
  #remove(why) {
    this.#answeredAt = null;
    this.#spoken = null;
    this.#board.classList.remove("stale");
    this.stage.clear();
    this.#card.clear(why);
    this.#meters.reset();
    this.#status.faces(null);
  }
}

/** @param {Event} event */
function personOf(event) {
  return /** @type {CustomEvent<Person>} */ (event).detail;
}

/** @param {number} milliseconds */
function seconds(milliseconds) {
  return number(Math.max(1, Math.round(milliseconds / 1000)));
}
