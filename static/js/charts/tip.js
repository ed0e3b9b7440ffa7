// What a chart says of the place under the pointer. Who listens gets it from the chart's table.
import { el } from "../core/dom.js";

const AWAY = 12;

export class Tip {
  #node = el("div", { class: "tip", "aria-hidden": "true", hidden: true });
  #place;

  /** @param {HTMLElement} place to whose upper left corner places are counted */
  constructor(place) {
    this.#place = place;
    place.append(this.#node);
    place.addEventListener("pointerleave", () => this.hide());
  }

  /**
   * @param {number} x pixels
   * @param {number} y
   * @param {string} title
   * @param {HTMLElement[]} lines
   * @param {string} [foot]
   */
  show(x, y, title, lines, foot = "") {
    const last = foot ? [el("b", { class: "tip-foot" }, foot)] : [];
    this.#node.replaceChildren(el("b", { class: "tip-title" }, title), ...lines, ...last);
    this.#node.hidden = false;
    const { offsetWidth: width, offsetHeight: height } = this.#node;
    const left = x + AWAY + width <= this.#place.clientWidth ? x + AWAY : Math.max(0, x - AWAY - width);
    const top = Math.max(0, Math.min(y - height / 2, this.#place.clientHeight - height));
    this.#node.style.setProperty("left", `${left}px`);
    this.#node.style.setProperty("top", `${top}px`);
  }

  hide() {
    this.#node.hidden = true;
  }
}
