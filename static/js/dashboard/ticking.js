// Times as how long ago they were, which go on being true while the page stands.
import { el } from "../core/dom.js";
import { ago, dateTime } from "../core/texts.js";

const EVERY = 5000;

/** @param {string} timestamp */
export function timeAgo(timestamp) {
  return el("time", { datetime: timestamp, title: dateTime(timestamp), data: { ago: true } }, ago(timestamp));
}

/** Keep all of them true. */
export function startTicking() {
  setInterval(() => {
    for (const time of document.querySelectorAll("time[data-ago]")) {
      const text = ago(/** @type {HTMLTimeElement} */ (time).dateTime);
      if (time.textContent !== text) time.textContent = text;
    }
  }, EVERY);
}
