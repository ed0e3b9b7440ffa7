// The picture: what hangs before it, what is said over it, the boxes, and the choice of a face in it.
import { byId, showOnly } from "../core/dom.js";
import { emotionName, t } from "../core/texts.js";
import { still } from "../core/theme.js";
import { keepFocus } from "./focus.js";
import { Overlay, shown } from "./overlay.js";

/**
 * @import { Face } from "../client/types.js"
 * @import { Person } from "./people.js"
 * @import { Size } from "./overlay.js"
 * @typedef {{title: string, text: string, again: string, byVideo?: boolean, canStop?: boolean}} Trouble `again`: what
 *   its first button does; `byVideo`: a video helps; `canStop`: there is a run to be ended
 */

const NAMED_EVERY = 4000;

/** Events: `pick` with the Person whose face was chosen. */
export class Stage extends EventTarget {
  #canvas = byId("overlay", HTMLCanvasElement);
  #overlay = new Overlay(this.#canvas);
  #people = /** @type {Person[]} */ ([]);
  #curtains = { consent: byId("consent"), trouble: byId("trouble") };
  #isMirrored = false;
  #namedAt = -Infinity;

  constructor() {
    super();
    this.#canvas.addEventListener("click", ({ offsetX, offsetY }) => {
      const index = this.#overlay.faceAt(offsetX, offsetY);
      if (index !== null) this.dispatchEvent(new CustomEvent("pick", { detail: this.#people[index] }));
    });
  }

  /** @param {boolean} on whether the picture is shown as in a mirror */
  set mirrored(on) {
    this.#isMirrored = on;
    byId("video").classList.toggle("mirrored", on);
  }

  /** @param {"consent"|"trouble"|null} name what hangs before the picture */
  curtain(name) {
    showOnly(this.#curtains, name);
  }

  /**
   * Say why there is no picture.
   * @param {Trouble} trouble
   */
  trouble({ title, text, again, byVideo = true, canStop = false }) {
    byId("trouble-title").textContent = title;
    byId("trouble-text").textContent = text;
    byId("trouble-again").textContent = again;
    byId("trouble-video").hidden = !byVideo;
    byId("trouble-stop").hidden = !canStop;
    this.curtain("trouble");
    keepFocus(byId("screen"));
  }

  /** @param {boolean} on whether the connection is lost */
  lost(on) {
    byId("lost").hidden = !on;
    byId("lost-text").textContent = t("connection.lost_long");
  }

  /** @param {string|null} text why nothing is read just now */
  asleep(text) {
    byId("asleep").hidden = text === null;
    byId("asleep-text").textContent = text ?? "";
  }

  /**
   * @param {Face[]} faces
   * @param {Person[]} people whose each face is
   * @param {Size} size of the frame
   * @param {Face|null} spoken of whom the headline speaks
   */
  draw(faces, people, size, spoken) {
    this.#people = people;
    const index = spoken ? faces.indexOf(spoken) : -1;
    const chosen = faces.length > 1 && index >= 0 ? index : null;
    const names = people.map(({ number }) => String(number));
    this.#overlay.draw(faces, size, { mirrored: this.#isMirrored, glide: !still, chosen, names });
    this.#name(faces, names);
  }

  clear() {
    this.#people = [];
    this.#overlay.clear();
    this.#namedAt = -Infinity;
    this.#name([], []);
  }

  /**
   * Say what the canvas shows, not with every frame.
   * @param {Face[]} faces
   * @param {string[]} names
   */
  #name(faces, names) {
    const now = performance.now();
    if (now - this.#namedAt < NAMED_EVERY) return;
    this.#namedAt = now;
    const said = faces.map((face, index) => {
      return t("overlay.face", { number: names[index], name: emotionName(shown(face).name) });
    });
    this.#canvas.setAttribute("aria-label", said.length ? said.join(" ") : t("overlay.nobody"));
  }
}
