// Boxes and labels over a picture or a video, drawn at the resolution of the screen.
import { contextOf, fitCanvas } from "../core/dom.js";
import { colour, emotionColours, trackColour } from "../core/emotions.js";
import { emotionName, percent, t } from "../core/texts.js";

/**
 * @import { Emotion } from "../core/emotions.js"
 * @import { Box, Face } from "../visionai-client.js"
 * @typedef {{width: number, height: number}} Size
 * @typedef {Size & {scale: number, left: number, top: number}} Area where the picture lies in the canvas
 * @typedef {{emotions: Record<Emotion, string>, ground: string, text: string}} LabelInks
 */

/** Draws faces on a canvas that lies over a picture shown with `object-fit: contain`. */
export class Overlay {
  #canvas;
  #context;

  /** @param {HTMLCanvasElement} canvas */
  constructor(canvas) {
    this.#canvas = canvas;
    this.#context = contextOf(canvas);
  }

  /** Remove what is drawn. */
  clear() {
    this.#context.clearRect(0, 0, this.#canvas.width, this.#canvas.height);
    delete this.#canvas.dataset.emotions;
  }

  /**
   * Draw `faces`.
   * @param {Face[]} faces boxes in pixels of a picture of `size`
   * @param {Size} size
   * @param {{mirrored?: boolean, chosen?: number|null}} [options] `chosen`: the index of a face to bring out
   */
  draw(faces, size, { mirrored = false, chosen = null } = {}) {
    const area = this.#fit(size);
    this.clear();
    const inks = { emotions: emotionColours(), ground: colour("surface"), text: colour("ink") };
    faces.forEach((face, index) => {
      const box = placed(face.box, area, size, mirrored);
      this.#frame(box, trackColour(face.track_id ?? index), chosen === null || chosen === index);
      this.#label(box, face, inks, area);
    });
    // What the canvas shows, for whoever cannot see it: tests and style sheets.
    this.#canvas.dataset.emotions = faces.map((face) => shown(face).name).join(" ");
  }

  /**
   * Match the canvas to its place on the screen.
   * @param {Size} size of the picture
   * @returns {Area}
   */
  #fit(size) {
    const { width, height } = fitCanvas(this.#context);
    const scale = Math.min(width / size.width, height / size.height);
    const [left, top] = [(width - size.width * scale) / 2, (height - size.height * scale) / 2];
    return { scale, left, top, width, height };
  }

  /**
   * @param {Box} box
   * @param {string} stroke
   * @param {boolean} strong
   */
  #frame({ x, y, width, height }, stroke, strong) {
    const context = this.#context;
    const radius = Math.min(14, width / 6);
    context.globalAlpha = strong ? 1 : 0.55;
    context.beginPath();
    context.roundRect(x, y, width, height, radius);
    context.lineWidth = 5;
    context.strokeStyle = "rgb(0 0 0 / 45%)";
    context.stroke();
    context.lineWidth = 2.5;
    context.strokeStyle = stroke;
    context.stroke();
    context.globalAlpha = 1;
  }

  /**
   * @param {Box} box
   * @param {Face} face
   * @param {LabelInks} inks
   * @param {Area} area
   */
  #label(box, face, inks, area) {
    const context = this.#context;
    const { name, score } = shown(face);
    const sure = `${emotionName(name)} ${percent(score)}`;
    const words = face.uncertain ? t("face.unsure", { name: emotionName(name) }) : sure;
    context.font = `600 13px ${getComputedStyle(this.#canvas).fontFamily}`;
    const width = context.measureText(words).width + 34;
    const height = 26;
    const x = Math.max(4, Math.min(box.x, area.width - width - 4));
    const y = box.y - height - 6 < 4 ? Math.min(box.y + box.height + 6, area.height - height - 4) : box.y - height - 6;
    context.beginPath();
    context.roundRect(x, y, width, height, 13);
    context.fillStyle = inks.ground;
    context.fill();
    context.beginPath();
    context.arc(x + 14, y + height / 2, 5, 0, 2 * Math.PI);
    context.fillStyle = inks.emotions[name];
    context.fill();
    context.fillStyle = inks.text;
    context.textBaseline = "middle";
    context.fillText(words, x + 25, y + height / 2 + 1);
  }
}

/**
 * The name and score to show of a face: the smoothed ones where there are any.
 * @param {Face} face
 */
export function shown(face) {
  const name = face.smoothed?.emotion_name ?? face.emotion_name;
  return { name, score: (face.smoothed?.scores ?? face.scores)[name] };
}

/**
 * @param {Box} box
 * @param {Area} area
 * @param {Size} size of the picture
 * @param {boolean} mirrored
 * @returns {Box}
 */
function placed(box, { scale, left, top }, size, mirrored) {
  const x = mirrored ? size.width - box.x - box.width : box.x;
  return { x: left + x * scale, y: top + box.y * scale, width: box.width * scale, height: box.height * scale };
}
