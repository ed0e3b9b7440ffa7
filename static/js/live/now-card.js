// The card of one person: what they show now, how sure that is, and all seven scores.
import { byId } from "../core/dom.js";
import { scoreBars } from "../core/score-bars.js";
import { NOTHING } from "../core/tables.js";
import { emotionName, percent, t } from "../core/texts.js";
import { shown } from "./overlay.js";
import { UNCERTAIN_BELOW } from "./tally.js";

/** @import { Face } from "../client/types.js" */

const VERY_SURE = 0.8;
const SPOKEN_EVERY = 4000;

export class NowCard {
  #bars = scoreBars(byId("bars"));
  #label = byId("now-label");
  #name = byId("now-name");
  #note = byId("now-note");
  #who = byId("now-who");
  #said = { at: -Infinity, text: "" };

  /**
   * @param {Face} face
   * @param {string} who is spoken of, and why
   */
  show(face, who) {
    const { name, score } = shown(face);
    this.#label.dataset.emotion = name;
    this.#name.textContent = emotionName(name);
    this.#note.textContent = certainty(score);
    this.#who.textContent = who;
    this.#bars(face.smoothed?.scores ?? face.scores);
    this.#say(score < UNCERTAIN_BELOW ? t("face.unsure", { name: emotionName(name) }) : emotionName(name));
  }

  /**
   * Show nobody, and say why.
   * @param {string} why
   */
  clear(why) {
    this.#label.dataset.emotion = "";
    this.#name.textContent = NOTHING;
    this.#note.textContent = why;
    this.#who.textContent = "";
    this.#bars(null);
    if (why) this.#say(why);
  }

  /**
   * Say something of what is shown.
   * @param {string} text
   */
  note(text) {
    if (this.#note.textContent !== text) this.#note.textContent = text;
  }

  /**
   * Tell a screen reader of a change, not of every frame.
   * @param {string} text
   */
  #say(text) {
    const now = performance.now();
    if (text === this.#said.text || now - this.#said.at < SPOKEN_EVERY) return;
    this.#said = { at: now, text };
    byId("spoken").textContent = text;
  }
}

/**
 * How sure an expression is, in words with the number.
 * @param {number} score
 */
function certainty(score) {
  const words = score < UNCERTAIN_BELOW ? "unsure" : score < VERY_SURE ? "fairly" : "very";
  return t(`certainty.${words}`, { percent: percent(score) });
}
