// Boxes and labels over a picture or a video, drawn at the resolution of the screen.
import { contextOf, fitCanvas } from "../core/dom.js";
import { colour, emotionColours, trackColour } from "../core/emotions.js";
import { emotionName, percent, t } from "../core/texts.js";
import { eased } from "./easing.js";
import { isBeside, labelSpots } from "./labels.js";

/**
 * @import { Emotion } from "../core/emotions.js"
 * @import { Box, Face } from "../client/types.js"
 * @typedef {{width: number, height: number}} Size
 * @typedef {Size & {scale: number, left: number, top: number}} Area where the picture lies in the canvas
 * @typedef {{emotions: Record<Emotion, string>, ground: string, text: string}} LabelInks
 * @typedef {{mirrored?: boolean, chosen?: number|null, glide?: boolean, names?: string[]}} Options `chosen`: the index
 *   of a face to bring out; `glide`: faces that are followed glide to their new places; `names`: what tells faces apart
 * @typedef {{faces: Face[], size: Size, options: Options}} Drawing
 */

const LABEL_HEIGHT = 26;

/** Draws faces on a canvas that lies over a picture shown with `object-fit: contain`. */
export class Overlay {
  #canvas;
  #context;
  /** @type {Map<number, Box>} the boxes as they are drawn, by face */
  #boxes = new Map();
  /** @type {Map<number, {x: number, y: number}>} from a face's box to its label */
  #offsets = new Map();
  #places = /** @type {Box[]} */ ([]);
  #request = 0;
  #drawnAt = 0;

  /** @param {HTMLCanvasElement} canvas */
  constructor(canvas) {
    this.#canvas = canvas;
    this.#context = contextOf(canvas);
  }

  /** Remove what is drawn. */
  clear() {
    cancelAnimationFrame(this.#request);
    this.#boxes.clear();
    this.#offsets.clear();
    this.#places = [];
    this.#wipe();
  }

  /**
   * The index of the face at a point of the canvas, the smallest of several; null where there is none.
   * @param {number} x in CSS pixels
   * @param {number} y
   */
  faceAt(x, y) {
    const hit = [...this.#places.entries()].filter(
      ([, box]) => x >= box.x && x <= box.x + box.width && y >= box.y && y <= box.y + box.height,
    );
    return hit.sort(([, one], [, other]) => one.width - other.width)[0]?.[0] ?? null;
  }

  /**
   * Draw `faces`.
   * @param {Face[]} faces boxes in pixels of a picture of `size`
   * @param {Size} size
   * @param {Options} [options]
   */
  draw(faces, size, options = {}) {
    cancelAnimationFrame(this.#request);
    const followed = new Set(faces.map(keyOf));
    for (const kept of [this.#boxes, this.#offsets]) {
      for (const key of kept.keys()) if (!followed.has(key)) kept.delete(key);
    }
    if (!options.glide) this.#boxes.clear();
    this.#drawnAt = performance.now();
    this.#step({ faces, size, options });
  }

  /**
   * Draw every box where it is by now, and again at the next animation frame while one is on its way.
   * @param {Drawing} drawing
   */
  #step(drawing) {
    const now = performance.now();
    const passed = now - this.#drawnAt;
    this.#drawnAt = now;
    let moving = false;
    const boxes = drawing.faces.map((face, index) => {
      const box = eased(this.#boxes.get(keyOf(face, index)) ?? face.box, face.box, passed);
      this.#boxes.set(keyOf(face, index), box);
      moving ||= box !== face.box;
      return box;
    });
    this.#paint(drawing, boxes);
    if (moving) this.#request = requestAnimationFrame(() => this.#step(drawing));
  }

  /**
   * @param {Drawing} drawing
   * @param {Box[]} boxes of the faces, as they are now
   */
  #paint({ faces, size, options: { mirrored = false, chosen = null, names = [] } }, boxes) {
    const area = this.#fit(size);
    this.#wipe();
    const inks = { emotions: emotionColours(), ground: colour("surface"), text: colour("ink") };
    const places = boxes.map((box) => placed(box, area, size, mirrored));
    this.#places = places;
    faces.forEach((face, index) => {
      this.#frame(places[index], trackColour(face.track_id ?? index), chosen === null || chosen === index);
    });
    this.#labels(faces, places, inks, { area, names, chosen });
    // What the canvas shows, for whoever cannot see it: tests and style sheets.
    this.#canvas.dataset.emotions = faces.map((face) => shown(face).name).join(" ");
  }

  /** Empty the canvas and forget nothing. */
  #wipe() {
    this.#context.clearRect(0, 0, this.#canvas.width, this.#canvas.height);
    delete this.#canvas.dataset.emotions;
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
    context.lineWidth = strong ? 3 : 2;
    context.strokeStyle = stroke;
    context.stroke();
    context.globalAlpha = 1;
  }

  /**
   * @param {Face[]} faces
   * @param {Box[]} places
   * @param {LabelInks} inks
   * @param {{area: Size, names: string[], chosen: number|null}} how
   */
  #labels(faces, places, inks, { area, names, chosen }) {
    this.#context.font = `600 13px ${getComputedStyle(this.#canvas).fontFamily}`;
    const words = faces.map((face, index) => wordsOf(face, names[index], chosen === index));
    const sizes = words.map((text) => ({ width: this.#context.measureText(text).width + 34, height: LABEL_HEIGHT }));
    const before = faces.map((face, index) => this.#offsets.get(keyOf(face, index)));
    labelSpots(places, sizes, area, before).forEach((spot, index) => {
      if (!spot) return;
      const [face, place] = [faces[index], places[index]];
      // A label stays where it is while it is beside its face; one that had to go further comes back.
      if (isBeside({ ...spot, ...sizes[index] }, place)) {
        this.#offsets.set(keyOf(face, index), { x: spot.x - place.x, y: spot.y - place.y });
      } else this.#offsets.delete(keyOf(face, index));
      this.#label(spot, sizes[index].width, words[index], inks.emotions[shown(face).name], inks);
    });
  }

  /**
   * @param {{x: number, y: number}} spot
   * @param {number} width
   * @param {string} words
   * @param {string} dot
   * @param {LabelInks} inks
   */
  #label({ x, y }, width, words, dot, inks) {
    const context = this.#context;
    context.beginPath();
    context.roundRect(x, y, width, LABEL_HEIGHT, 13);
    context.fillStyle = inks.ground;
    context.fill();
    context.beginPath();
    context.arc(x + 14, y + LABEL_HEIGHT / 2, 5, 0, 2 * Math.PI);
    context.fillStyle = dot;
    context.fill();
    context.fillStyle = inks.text;
    context.textBaseline = "middle";
    context.fillText(words, x + 25, y + LABEL_HEIGHT / 2 + 1);
  }
}

/**
 * What tells a face from the others: its track, or its place in the list where none is followed.
 * @param {Face} face
 * @param {number} index
 */
function keyOf(face, index) {
  return face.track_id ?? -1 - index;
}

/**
 * @param {Face} face
 * @param {string} [who] what tells it from the others
 * @param {boolean} [isChosen]
 */
function wordsOf(face, who, isChosen = false) {
  const { name, score } = shown(face);
  const said = face.uncertain
    ? t("face.unsure", { name: emotionName(name) })
    : `${emotionName(name)} ${percent(score)}`;
  return who === undefined ? said : `${isChosen ? "▸ " : ""}${who} · ${said}`;
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
