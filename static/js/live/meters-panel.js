// The meters of the stream on the page, behind a switch that is off until somebody wants to know.
import { byId } from "../core/dom.js";
import { NOTHING } from "../core/tables.js";
import { number, t } from "../core/texts.js";
import { Meters } from "./meters.js";

/** @import { FrameAnswer } from "../client/types.js" */

const REMEMBERED = "visionai.details";
const EVERY = 500;

export class MetersPanel {
  #meters = new Meters();
  #switch = byId("details", HTMLButtonElement);
  #shownAt = -Infinity;

  constructor() {
    this.#set(localStorage.getItem(REMEMBERED) === "on");
    this.#switch.addEventListener("click", () => {
      this.#set(this.#switch.getAttribute("aria-pressed") !== "true");
    });
  }

  /**
   * @param {number} rtt
   * @param {FrameAnswer} answer
   */
  add(rtt, answer) {
    this.#meters.add(rtt, answer);
  }

  /** Begin anew. */
  reset() {
    this.#meters.reset();
    this.#shownAt = -Infinity;
  }

  /** Show what is measured, if it was not just done. */
  show() {
    if (performance.now() - this.#shownAt < EVERY) return;
    this.#shownAt = performance.now();
    const { fps, rtt, server, dropped } = this.#meters.now;
    byId("meter-fps").textContent = fps === null ? NOTHING : number(fps, 1);
    byId("meter-rtt").textContent = milliseconds(rtt);
    byId("meter-server").textContent = milliseconds(server);
    byId("meter-dropped").textContent = number(dropped);
  }

  /** @param {boolean} on */
  #set(on) {
    this.#switch.setAttribute("aria-pressed", String(on));
    byId("meters").hidden = !on;
    localStorage.setItem(REMEMBERED, on ? "on" : "off");
  }
}

/** @param {number|null} value */
function milliseconds(value) {
  return value === null ? NOTHING : t("milliseconds", { ms: number(value) });
}
