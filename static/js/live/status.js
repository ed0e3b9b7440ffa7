// The line above the picture: how it goes with the connection, for how long, and how many faces there are.
import { byId } from "../core/dom.js";
import { counted, t } from "../core/texts.js";
import { clockText } from "./clock-text.js";

/** @import { ConnectionState } from "../client/types.js" */

/** @typedef {ConnectionState|"paused"|"asleep"} State */

const SIGNS = { idle: "idle", connecting: "waiting", connected: "on", lost: "off", paused: "paused", asleep: "paused" };

export class Status {
  #pill = byId("connection");
  #clock = byId("clock");
  #count = byId("faces-count");

  /** @param {State} state */
  state(state) {
    if (this.#pill.dataset.state !== SIGNS[state]) this.#pill.dataset.state = SIGNS[state];
    const text = t(`connection.${state}`);
    if (this.#pill.textContent !== text) this.#pill.textContent = text;
  }

  /**
   * @param {number|null} now milliseconds of the run; null outside of one
   * @param {number|null} length of a video
   */
  clock(now, length) {
    this.#clock.hidden = now === null;
    if (now === null) return;
    const text = length === null ? clockText(now) : `${clockText(now)} / ${clockText(length)}`;
    if (this.#clock.textContent !== text) this.#clock.textContent = text;
  }

  /** @param {number|null} count of faces; null where it is not known */
  faces(count) {
    this.#count.textContent = count === null ? "" : counted("faces", count);
  }
}
