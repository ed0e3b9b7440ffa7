// The board: what was read of the figures, shown. It can be told that there are more before it is read again.
import { doughnut } from "../charts/doughnut.js";
import { byId, el } from "../core/dom.js";
import { byEmotion, EMOTIONS, totalOf } from "../core/emotions.js";
import { counted, emotionName, number, percent, t } from "../core/texts.js";
import { amount, fixedPercent } from "./amounts.js";
import { spanText } from "./chips.js";
import { showDetail } from "./detail.js";
import { sharesTable } from "./figure-tables.js";
import { mostCommon, ofEmotion } from "./figures.js";
import { OverTime } from "./over-time.js";
import { patchChildren } from "./patch.js";
import { previousOf } from "./period.js";
import { showRows } from "./rows.js";
import { showCompared, showComparedWith } from "./totals.js";

/**
 * @import { Emotion } from "../core/emotions.js"
 * @import { FullChoice } from "./address.js"
 * @import { Counts, ReadingsPage, Stats, Timeline } from "./figures.js"
 *
 * @typedef {object} Answers
 * @property {FullChoice} choice that was asked for
 * @property {Stats} whole
 * @property {Stats|null} before
 * @property {Timeline} overTime
 * @property {ReadingsPage} rows
 * @property {boolean} ever whether anything was ever read
 */

const FULL = 100_000;
const NOTHING = byEmotion(() => 0);

/** Shows answers to the choice they are to. */
export class Board {
  #answers = /** @type {Answers|null} */ (null);
  #looked = /** @type {Emotion|""} */ ("");
  #drawShares;

  /** @param {(part: Partial<FullChoice>) => void} narrow */
  constructor(narrow) {
    this.overTime = new OverTime(narrow);
    const read = () => ({
      counts: this.#answers?.whole.predictions_by_emotion ?? NOTHING,
      only: this.#answers?.choice.emotion ?? "",
    });
    this.#drawShares = doughnut({
      place: byId("shares-chart"),
      read,
      words: (count, total) => `${number(count)} (${fixedPercent(count / total)})`,
      pick: (name) => narrow({ emotion: read().only === name ? "" : name }),
    });
  }

  /** @returns {FullChoice|null} what is shown */
  get choice() {
    return this.#answers?.choice ?? null;
  }

  /** @param {Answers} answers */
  show(answers) {
    this.#answers = answers;
    const { whole, choice, before, overTime, rows } = answers;
    const any = countOf(whole, choice.emotion) > 0;
    byId("empty-ever").hidden = any || answers.ever;
    byId("empty").hidden = any || !answers.ever;
    byId("board").hidden = !any;
    byId("board").setAttribute("aria-busy", "false");
    showCompared(whole, before, choice.emotion);
    const period = before?.total_predictions ? previousOf(choice) : null;
    showComparedWith(period ? t("change.period", { period: spanText(period.since, period.until) }) : "");
    this.#showShares(whole, choice);
    this.overTime.show(overTime, choice);
    showRows(choice, rows);
    this.look(choice.emotion || this.#looked);
  }

  /** The figures that are shown are of another choice than the one that is made: show none. */
  hide() {
    for (const id of ["empty-ever", "empty", "board"]) byId(id).hidden = true;
    this.#answers = null;
  }

  /** @param {ReadingsPage} rows */
  showNewest(rows) {
    if (this.#answers) showRows(this.#answers.choice, rows);
  }

  /**
   * Bring out one expression in detail; none is the most common.
   * @param {Emotion|""} emotion
   */
  look(emotion) {
    if (!this.#answers) return;
    const { whole } = this.#answers;
    this.#looked = emotion;
    const name = emotion || mostCommon(whole.predictions_by_emotion) || EMOTIONS[0];
    byId("detail-choice", HTMLSelectElement).value = name;
    showDetail(byId("detail"), ofEmotion(whole, name), whole.total_predictions);
  }

  /**
   * Count more than was read.
   * @param {Counts} more
   */
  add(more) {
    if (!this.#answers) return;
    const { whole, choice, before } = this.#answers;
    for (const name of EMOTIONS) addTo(whole, name, more[name]);
    whole.total_predictions += totalOf(more);
    this.overTime.add(byEmotion((name) => (!choice.emotion || choice.emotion === name ? more[name] : 0)));
    showCompared(whole, before, choice.emotion);
    this.#showShares(whole, choice);
    this.look(this.#looked);
  }

  /** What there is, in a sentence, for who cannot see it. */
  get summary() {
    if (!this.#answers) return "";
    const { whole, choice } = this.#answers;
    const seconds = counted("seconds", countOf(whole, choice.emotion));
    const name = choice.emotion || mostCommon(whole.predictions_by_emotion);
    if (!name || !countOf(whole, choice.emotion)) return t("board.said_none");
    const share = percent(whole.predictions_by_emotion[name] / whole.total_predictions);
    return t(choice.emotion ? "board.said_one" : "board.said", { seconds, name: emotionName(name), share });
  }

  /**
   * The share of each in all of the period, also where one is looked at alone: of itself it is always 100 %.
   * @param {Stats} whole
   * @param {FullChoice} choice
   */
  #showShares({ predictions_by_emotion: counts, total_predictions: total }, { emotion: only }) {
    const middle = only ? el("span", {}, percent(total ? counts[only] / total : 0)) : amount(total, FULL);
    patchChildren(byId("shares-total"), middle);
    byId("shares-of").textContent = t(only ? "shares.of_all" : "shares.in_all");
    byId("shares-said").textContent = this.summary;
    this.#drawShares();
    sharesTable(byId("shares-table"), counts, { only, choosable: true });
  }
}

/**
 * @param {Stats} whole
 * @param {Emotion|""} only
 */
function countOf(whole, only) {
  return only ? whole.predictions_by_emotion[only] : whole.total_predictions;
}

/**
 * @param {Stats} whole
 * @param {Emotion} name
 * @param {number} more
 */
function addTo(whole, name, more) {
  if (!more) return;
  whole.predictions_by_emotion[name] += more;
  const one = ofEmotion(whole, name);
  if (!whole.emotions.includes(one)) whole.emotions.push(one);
  one.count += more;
  one.last_prediction = new Date().toISOString();
}
