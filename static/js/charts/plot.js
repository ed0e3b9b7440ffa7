// A picture that fills its place, drawn anew when that changes its size.
import { picture } from "../core/svg.js";

/** Drawings say what is in it; the place is laid out by style sheets. */
export class Plot {
  #place;
  #draw;
  #picture = picture("plot", 1, 1);

  /**
   * @param {HTMLElement} place
   * @param {(width: number, height: number) => Node[]} draw pixels
   */
  constructor(place, draw) {
    this.#place = place;
    this.#draw = draw;
    place.append(this.#picture);
    new ResizeObserver(() => this.update()).observe(place);
  }

  /** Draw it as it is now; a place that is hidden is drawn when it is shown. */
  update() {
    const { clientWidth: width, clientHeight: height } = this.#place;
    if (!width || !height) return;
    this.#picture.setAttribute("viewBox", `0 0 ${width} ${height}`);
    this.#picture.replaceChildren(...this.#draw(width, height));
  }
}

/**
 * Where a pointer is on a place.
 * @param {HTMLElement} place
 * @param {MouseEvent} event
 */
export function pointOf(place, { clientX, clientY }) {
  const { left, top } = place.getBoundingClientRect();
  return { x: clientX - left, y: clientY - top };
}
