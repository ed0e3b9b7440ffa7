// The patterns of a timeline, by names of its own: of the seven, and of the gaps in which there was no connection.
import { BY_VALENCE } from "../core/emotions.js";
import { svgPattern } from "../core/patterns.js";
import { picture, svg } from "./svg.js";

/** @import { Emotion } from "../core/emotions.js" */

let made = 0;

export class Fills {
  #id = `timeline-${++made}`;

  /** What fills a gap. */
  get gap() {
    return `url(#${this.#id}-gap)`;
  }

  /**
   * What fills the area of an expression.
   * @param {Emotion} name
   */
  of(name) {
    return `url(#${this.#id}-${name})`;
  }

  /** The patterns themselves, which must stand in the same document. */
  get definitions() {
    const hatch = svg("path", { d: "M-1 9 9 -1M-1 1 1 -1M7 9 9 7", class: "hatch-line" });
    const units = { width: 8, height: 8, patternUnits: "userSpaceOnUse" };
    const gap = svg("pattern", { id: `${this.#id}-gap`, ...units }, hatch);
    const emotions = BY_VALENCE.map((name) => svgPattern(name, `${this.#id}-${name}`));
    return picture("fills", 1, 1, svg("defs", {}, gap, ...emotions));
  }
}
