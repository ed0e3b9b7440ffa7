// What a run came to: how long it was, who was seen and how, where nothing was read, and all of it from start to end.
import { byId, el } from "../core/dom.js";
import { best } from "../core/emotions.js";
import { emotionTag, fillTable, NOTHING, numberCell, numbers, percentOrNothing, rowHead } from "../core/tables.js";
import { emotionName, number, percent, t } from "../core/texts.js";
import { SessionTimeline } from "../timeline/session-timeline.js";
import { clockText } from "./clock-text.js";
import { keepFocus } from "./focus.js";
import { together } from "./run.js";

/**
 * @import { PersonSeen } from "./run.js"
 * @import { TimelineAnswer } from "../timeline/types.js"
 * @typedef {{lengthMs: number, people: PersonSeen[], timeline: TimelineAnswer}} Outcome
 */

export class Summary {
  #section = byId("summary");
  #timeline = new SessionTimeline(byId("summary-timeline"));

  /** Whether it is shown. */
  get isShown() {
    return !this.#section.hidden;
  }

  /**
   * @param {Outcome} outcome
   * @param {string} state what became of it
   */
  show(outcome, state) {
    this.#section.hidden = false;
    keepFocus(this.#section);
    this.say(state);
    this.#figures(outcome);
    this.#people(outcome.people);
    this.#timeline.show(outcome.timeline, outcome.lengthMs);
  }

  /** @param {string} state what became of it */
  say(state) {
    byId("summary-state").textContent = state;
  }

  hide() {
    this.#section.hidden = true;
    this.#timeline.clear();
  }

  /** @param {Outcome} outcome */
  #figures({ lengthMs, people, timeline: { gaps } }) {
    const { shares, uncertain } = together(people);
    const common = shares && best(shares);
    byId("summary-duration").textContent = clockText(lengthMs);
    byId("summary-people-count").textContent = number(people.length);
    byId("summary-common").textContent = common ? emotionName(common) : NOTHING;
    byId("summary-uncertain").textContent = percentOrNothing(uncertain);
    byId("summary-gaps").textContent = gapsText(gaps);
  }

  /** @param {PersonSeen[]} people */
  #people(people) {
    const heads = [
      { text: t("summary.person") },
      numbers(t("summary.seconds")),
      { text: t("summary.common") },
      numbers(t("column.share")),
      numbers(t("summary.unclear")),
    ];
    fillTable(byId("summary-people"), heads, people.map(rowOf));
  }
}

/** @param {PersonSeen} person */
function rowOf({ person, label, seconds, shares, uncertain_share }) {
  const common = shares && best(shares);
  return el(
    "tr",
    {},
    rowHead(label ?? t("person.number", { number: person })),
    numberCell(number(seconds)),
    el("td", {}, common ? emotionTag(common) : NOTHING),
    numberCell(shares && common ? percent(shares[common]) : NOTHING),
    numberCell(percentOrNothing(uncertain_share)),
  );
}

/** @param {[number, number][]} gaps */
function gapsText(gaps) {
  if (!gaps.length) return number(0);
  const all = gaps.reduce((sum, [from, until]) => sum + until - from, 0);
  return t("summary.gaps", { count: number(gaps.length), time: clockText(all) });
}
