// The end of a run: its session is ended where it is kept, and the summary shows what it came to.

import { counted, t } from "../core/texts.js";
import { loadTimeline } from "../timeline/load.js";
import { Summary } from "./summary.js";

/**
 * @import { Recording } from "./recording.js"
 * @import { Run } from "./run.js"
 * @import { Outcome } from "./summary.js"
 */

export class Ending {
  #run;
  #recording;
  #summary = new Summary();
  #turn = 0;

  /**
   * @param {Run} run
   * @param {Recording} recording
   */
  constructor(run, recording) {
    this.#run = run;
    this.#recording = recording;
  }

  /**
   * What was seen in the browser.
   * @param {number} lengthMs
   * @returns {Outcome}
   */
  outcome(lengthMs) {
    return { lengthMs, people: this.#run.seen, timeline: this.#run.timeline(lengthMs) };
  }

  /**
   * Show it, and what was kept of it as soon as that is known.
   * @param {Outcome} seen
   */
  async show(seen) {
    this.#turn += 1;
    const turn = this.#turn;
    const isKept = this.#recording.isOn;
    this.#summary.show(seen, t(isKept ? "summary.ending" : "summary.not_kept"));
    if (!isKept) return;
    const ended = await this.#recording.end();
    const kept = ended && { ...seen, people: ended.people };
    if (turn !== this.#turn) return;
    this.#summary.show(kept ?? seen, ended ? counted("session.ended", ended.seconds) : t("session.lost"));
    const timeline = await this.#kept();
    if (turn === this.#turn && timeline) {
      const gaps = seen.timeline.gaps; // Pauses among them, of which the server does not know.
      this.#summary.show({ ...(kept ?? seen), timeline: { ...timeline, gaps } }, t("summary.kept"));
    }
  }

  hide() {
    this.#turn += 1;
    this.#summary.hide();
  }

  async #kept() {
    const { uid, receipt } = this.#recording.session ?? {};
    return uid ? loadTimeline(uid, { receipt }).catch(() => null) : null;
  }
}
