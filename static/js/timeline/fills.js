// The patterns of a timeline: of the seven, and of the gaps in which there was no connection.
import { Fills as OfEmotions } from "../core/fills.js";
import { svg } from "../core/svg.js";

export class Fills extends OfEmotions {
  /** What fills a gap. */
  get gap() {
    return `url(#${this.id}-gap)`;
  }

  /** @override */
  get patterns() {
    const hatch = svg("path", { d: "M-1 9 9 -1M-1 1 1 -1M7 9 9 7", class: "hatch-line" });
    const units = { width: 8, height: 8, patternUnits: "userSpaceOnUse" };
    return [...super.patterns, svg("pattern", { id: `${this.id}-gap`, ...units }, hatch)];
  }
}
