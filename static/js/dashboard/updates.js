// Staying up to date: what a `stats` event counts more is added at once, and now and then everything is asked for anew.
import { byId } from "../core/dom.js";
import { byEmotion, EMOTIONS, totalOf } from "../core/emotions.js";
import { streamClient } from "../core/stream.js";
import { t } from "../core/texts.js";

/** @import { Counts, Stats } from "./figures.js" */

/** Milliseconds: without news until all is asked for, between two times, and with news all the time. */
const QUIET = 2000;
const SOONEST = 1000;
const LATEST = { add: 15_000, ask: 5000, leave: 15_000 };
const LATEST_ROWS = 2000;

/**
 * @typedef {object} Viewer
 * @property {() => "add"|"ask"|"leave"} way what new readings mean to what is shown: to be added to it, to be asked
 *   for, or nothing
 * @property {(more: Counts) => void} add count more
 * @property {() => Promise<void>} refresh ask for everything
 * @property {() => Promise<void>} refreshRows ask for the newest rows alone
 * @property {(error: Error) => void} fail
 */

/**
 * Follow the stream of this server for as long as the page is shown, from when everything was first asked for.
 * @param {Viewer} viewer
 */
export function followStream(viewer) {
  const client = streamClient();
  const asking = new Pace(viewer.refresh);
  const rows = new Pace(viewer.refreshRows);
  let known = /** @type {Counts|null} */ (null);
  client.addEventListener("stats", ({ detail }) => {
    const counts = /** @type {Stats} */ (/** @type {unknown} */ (detail)).predictions_by_emotion;
    const more = known && byEmotion((name) => counts[name] - /** @type {Counts} */ (known)[name]);
    known = counts;
    const way = viewer.way();
    if (document.hidden || way === "leave") return;
    if (!more || !isMore(more)) return asking.soon(SOONEST);
    if (way === "add") {
      viewer.add(more);
      rows.soon(LATEST_ROWS);
    }
    asking.soon(LATEST[way]);
  });
  client.addEventListener("state", ({ detail }) => showState(detail));
  document.addEventListener("visibilitychange", () => document.hidden || asking.soon(SOONEST));
  const connect = () => {
    client.connect();
    // What was recorded before is asked for, what comes after is told.
    client.subscribe("dashboard").then(() => asking.soon(SOONEST), viewer.fail);
  };
  connect();
  addEventListener("pagehide", () => client.close());
  addEventListener("pageshow", ({ persisted }) => {
    if (persisted) connect(); // Shown again as it was left, by going back.
  });
}

/**
 * Nothing was taken away, by an erasure.
 * @param {Counts} more
 */
function isMore(more) {
  return EMOTIONS.every((name) => more[name] >= 0) && totalOf(more) > 0;
}

/** @param {"connected"|"lost"|"idle"|"connecting"} state */
function showState(state) {
  const pill = byId("updates");
  pill.dataset.state = { connected: "on", lost: "off", idle: "waiting", connecting: "waiting" }[state];
  pill.textContent = t(`updates.${state}`);
}

/** Asks once things are quiet, and now and then while they are not. */
class Pace {
  #action;
  #timer = 0;
  #last = Date.now();

  /** @param {() => Promise<void>} action */
  constructor(action) {
    this.#action = action;
  }

  /** @param {number} latest milliseconds since the last time */
  soon(latest) {
    clearTimeout(this.#timer);
    const wait = Math.min(QUIET, latest - (Date.now() - this.#last));
    this.#timer = setTimeout(() => this.#ask(), Math.max(0, wait));
  }

  #ask() {
    this.#last = Date.now();
    this.#action();
  }
}
