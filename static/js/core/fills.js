// The patterns of the seven for SVG, by names that no other picture of the document uses.
import { BY_VALENCE } from "./emotions.js";
import { svgPattern } from "./patterns.js";
import { picture, svg } from "./svg.js";

/** @import { Emotion } from "./emotions.js" */

let made = 0;

export class Fills {
  id = `fills-${++made}`;

  /**
   * What fills the area of an expression.
   * @param {Emotion} name
   */
  of(name) {
    return `url(#${this.id}-${name})`;
  }

  /** The patterns themselves, which must stand in the same document. */
  get definitions() {
    return picture("fills", 1, 1, svg("defs", {}, ...this.patterns));
  }

  /** @returns {SVGPatternElement[]} */
  get patterns() {
    return BY_VALENCE.map((name) => svgPattern(name, `${this.id}-${name}`));
  }
}
