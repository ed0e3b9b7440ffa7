// A still picture with its faces upon it: boxes that can be clicked and walked through by the arrow keys, and labels.
import { byId, el } from "../core/dom.js";
import { t } from "../core/texts.js";
import { labelSpots } from "../live/labels.js";
import { expressionOf, namedFace } from "./words.js";

/**
 * @import { Box, Face } from "../client/types.js"
 * @typedef {{faces: Face[], scale: number, chosen: number}} Shown what the stage shows upon its picture
 */

/** More faces than this: only the one that is chosen has its label, or labels would hide faces. */
const MOST_LABELS = 4;
const STEPS = /** @type {Record<string, number>} */ ({ ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 });

export class Stage {
  #picture = byId("picture", HTMLImageElement);
  #frame = byId("frame");
  #boxes = byId("boxes");
  #choose;
  #shown = /** @type {Shown|null} */ (null);

  /** @param {(index: number) => void} choose called when a face in the picture is chosen */
  constructor(choose) {
    this.#choose = choose;
    this.#boxes.addEventListener("keydown", (event) => this.#walk(event));
    new ResizeObserver(() => this.#placeLabels()).observe(this.#boxes);
  }

  /** The picture as it is shown. */
  get picture() {
    return this.#picture;
  }

  /**
   * Show the picture of a file, without faces as yet.
   * @param {File} file
   */
  async open(file) {
    this.clear();
    this.#picture.alt = t("picture.alt", { name: file.name });
    this.#picture.src = URL.createObjectURL(file);
    await this.#picture.decode().catch(() => {}); // The server says what is wrong with it.
    const { naturalWidth: width, naturalHeight: height } = this.#picture;
    this.#frame.style.setProperty("--ratio", String(width && height ? width / height : 1.5));
  }

  /** Take the picture and its faces away. */
  clear() {
    URL.revokeObjectURL(this.#picture.src);
    this.#picture.removeAttribute("src");
    this.#boxes.replaceChildren();
    delete this.#boxes.dataset.emotions;
    this.#shown = null;
  }

  /**
   * Show faces upon the picture.
   * @param {Shown} shown
   */
  draw(shown) {
    const { faces, scale, chosen } = shown;
    const again = this.#shown?.faces === faces;
    this.#shown = shown;
    if (!again) this.#boxes.replaceChildren(...faces.map((face, index) => this.#box(face, index, scale)));
    for (const [index, box] of this.#buttons().entries()) {
      box.setAttribute("aria-pressed", String(index === chosen));
      box.tabIndex = index === chosen ? 0 : -1;
    }
    this.#boxes.dataset.emotions = faces.map((face) => face.emotion_name).join(" ");
    this.#placeLabels();
  }

  /** @returns {HTMLButtonElement[]} */
  #buttons() {
    return [...this.#boxes.querySelectorAll("button")];
  }

  /**
   * @param {Face} face
   * @param {number} index
   * @param {number} scale
   */
  #box(face, index, scale) {
    const { naturalWidth: width, naturalHeight: height } = this.#picture;
    const on = { click: () => this.#choose(index) };
    const label = el("span", { class: "face-label emotion", data: { emotion: face.emotion_name } }, expressionOf(face));
    const number = el("span", { class: "face-number" }, index + 1);
    const name = namedFace(face, index);
    const box = el("button", { class: "face-box", type: "button", "aria-label": name, title: name, on }, number, label);
    place(box, face.box, width * scale, height * scale);
    return box;
  }

  /** @param {KeyboardEvent} event */
  #walk(event) {
    const [boxes, step] = [this.#buttons(), STEPS[event.key]];
    if (!step || boxes.length < 2) return;
    event.preventDefault();
    const next = ((this.#shown?.chosen ?? 0) + step + boxes.length) % boxes.length;
    this.#choose(next);
    boxes[next].focus();
  }

  /** Put the labels where they hide neither a face nor each other. */
  #placeLabels() {
    if (!this.#shown) return;
    const { faces, chosen } = this.#shown;
    const area = this.#boxes.getBoundingClientRect();
    const buttons = this.#buttons();
    const labels = buttons.map((box) => /** @type {HTMLElement} */ (box.querySelector(".face-label")));
    for (const [index, label] of labels.entries()) label.hidden = faces.length > MOST_LABELS && index !== chosen;
    const boxes = buttons.map((box) => within(box.getBoundingClientRect(), area));
    const order = [...labels.keys()].sort((one, other) => Number(other === chosen) - Number(one === chosen));
    const sizes = order.map((index) => ({ width: labels[index].offsetWidth, height: labels[index].offsetHeight }));
    const spots = labelSpots(
      order.map((index) => boxes[index]),
      sizes,
      area,
    ); // The chosen one has the first choice.
    for (const [turn, index] of order.entries()) {
      const spot = spots[turn] ?? above(boxes[index], sizes[turn], area);
      const { x, y } = boxes[index];
      labels[index].style.translate = `${spot.x - x}px ${spot.y - y}px`;
    }
  }
}

/**
 * Lay an element over a box, in shares of the picture.
 * @param {HTMLElement} node
 * @param {Box} box
 * @param {number} width of the picture in which the box is
 * @param {number} height
 */
function place(node, box, width, height) {
  const shares = { left: box.x / width, top: box.y / height, width: box.width / width, height: box.height / height };
  for (const [name, share] of Object.entries(shares)) node.style.setProperty(name, `${share * 100}%`);
}

/**
 * @param {DOMRect} box
 * @param {DOMRect} area
 * @returns {Box}
 */
function within({ x, y, width, height }, area) {
  return { x: x - area.x, y: y - area.y, width, height };
}

/**
 * Over the upper edge of a box, where a label has no place of its own.
 * @param {Box} box
 * @param {{width: number, height: number}} size
 * @param {{width: number, height: number}} area
 */
function above({ x, y }, size, area) {
  return { x: Math.max(0, Math.min(x, area.width - size.width)), y: Math.max(0, y - size.height / 2) };
}
