// What is said beside a picture: its faces to choose from, the chosen one's expression and scores, ways to keep it.

import { byId, contextOf, el } from "../core/dom.js";
import { copyText, saveFile } from "../core/keep.js";
import { scoreBars } from "../core/score-bars.js";
import { toast } from "../core/shell.js";
import { counted, emotionName, number, percent, t } from "../core/texts.js";
import { annotated } from "./annotate.js";
import { namedFace } from "./words.js";

/**
 * @import { Face } from "../client/types.js"
 * @import { Reading, Refusal } from "./reading.js"
 */

const CROP = 88;
/** What is shown of a face beyond its box, as a share of it. */
const MARGIN = 0.2;

export class Outcome {
  #place = byId("outcome");
  #face = byId("face");
  #choice = byId("face-choice");
  #list = byId("face-list");
  #show = scoreBars(byId("face-scores"));
  #reading = /** @type {Reading|null} */ (null);
  #name = "";

  /**
   * @param {HTMLImageElement} picture as it is shown
   * @param {(index: number) => void} choose called when a face of the list is chosen
   */
  constructor(picture, choose) {
    this.#list.addEventListener("change", ({ target }) => {
      if (target instanceof HTMLInputElement) choose(Number(target.value));
    });
    byId("save-picture").addEventListener("click", () => this.#savePicture(picture));
    byId("copy-json").addEventListener("click", () => this.#copy());
  }

  /** Say nothing. */
  clear() {
    this.#place.hidden = true;
    byId("problem").replaceChildren();
    this.#list.replaceChildren();
  }

  /** @param {Refusal} refusal */
  refuse({ code, message }) {
    const noFace = code === "no_face";
    const text = noFace ? t("picture.no_face") : message;
    byId("problem").replaceChildren(el("p", { class: noFace ? "notice warn" : "notice bad", role: "alert" }, text));
  }

  /**
   * @param {Reading} reading
   * @param {HTMLImageElement} picture
   * @param {string} name of the file
   */
  open(reading, picture, name) {
    const { faces, processing_time_ms: ms } = reading.prediction;
    [this.#reading, this.#name] = [reading, name];
    byId("facts").textContent = `${counted("faces", faces.length)} · ${t("picture.took", { ms: number(ms) })}`;
    this.#choice.hidden = faces.length < 2;
    this.#list.replaceChildren(...faces.map((face, index) => option(face, index, picture, reading.scale)));
    this.#place.hidden = false;
  }

  /** @param {number} index of the face to speak of */
  choose(index) {
    const { faces } = /** @type {Reading} */ (this.#reading).prediction;
    const { emotion_name: name, confidence, scores, uncertain } = faces[index];
    const choice = this.#list.querySelectorAll("input")[index];
    choice.checked = true;
    byId("verdict").dataset.emotion = name;
    byId("verdict-name").textContent = emotionName(name);
    byId("verdict-share").textContent = percent(confidence);
    byId("uncertain").hidden = !uncertain;
    this.#face.setAttribute("aria-label", namedFace(faces[index], index));
    this.#show(scores);
  }

  /** @param {HTMLImageElement} picture */
  async #savePicture(picture) {
    const { prediction, scale } = /** @type {Reading} */ (this.#reading);
    saveFile(await annotated(picture, prediction.faces, scale), `${stem(this.#name)}-visionai.png`);
  }

  async #copy() {
    await copyText(JSON.stringify(this.#reading?.prediction, null, 2));
    toast(t("picture.copied"));
  }
}

/**
 * A face of the list: what it looks like, its number and its expression.
 * @param {Face} face
 * @param {number} index
 * @param {HTMLImageElement} picture
 * @param {number} scale
 */
function option(face, index, picture, scale) {
  const input = el("input", { type: "radio", name: "face", value: index, checked: index === 0 });
  const text = el("span", { class: "emotion", data: { emotion: face.emotion_name } }, namedFace(face, index));
  return el("label", { class: "face-option" }, input, crop(face, picture, scale), text);
}

/**
 * @param {Face} face
 * @param {HTMLImageElement} picture
 * @param {number} scale
 */
function crop({ box }, picture, scale) {
  const canvas = el("canvas", { width: CROP, height: CROP, "aria-hidden": "true" });
  const side = (Math.max(box.width, box.height) * (1 + 2 * MARGIN)) / scale;
  const [x, y] = [(box.x + box.width / 2) / scale - side / 2, (box.y + box.height / 2) / scale - side / 2];
  if (picture.naturalWidth) contextOf(canvas).drawImage(picture, x, y, side, side, 0, 0, CROP, CROP);
  return canvas;
}

/** @param {string} name of a file */
function stem(name) {
  return name.replace(/\.\w{1,5}$/, "") || "picture";
}
