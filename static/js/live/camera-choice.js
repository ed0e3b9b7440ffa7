// The choice among cameras: those there are, also one that is plugged in later.
import { byId, el } from "../core/dom.js";
import { t } from "../core/texts.js";
import { cameras } from "./camera.js";

/** Events: `choose` with the id of a camera, `change` when cameras came or went. */
export class CameraChoice extends EventTarget {
  #select = byId("camera", HTMLSelectElement);
  #used = /** @type {string|undefined} */ (undefined);
  #ids = /** @type {string[]} */ ([]);

  constructor() {
    super();
    this.#select.addEventListener("change", () => {
      this.dispatchEvent(new CustomEvent("choose", { detail: this.#select.value }));
    });
    navigator.mediaDevices?.addEventListener("devicechange", async () => {
      await this.offer(this.#used);
      this.dispatchEvent(new Event("change"));
    });
  }

  /** @param {string|undefined} deviceId */
  has(deviceId) {
    return deviceId !== undefined && this.#ids.includes(deviceId);
  }

  /**
   * Offer the cameras there are; one alone is no choice.
   * @param {string|undefined} used the one that is in use
   */
  async offer(used) {
    this.#used = used;
    const found = used === undefined ? [] : await cameras(); // Without permission they have no names.
    this.#ids = found.map(({ deviceId }) => deviceId);
    const options = found.map(({ deviceId, label }, index) => {
      return el("option", { value: deviceId }, label || t("camera.number", { number: index + 1 }));
    });
    this.#select.replaceChildren(...options);
    this.#select.value = used ?? "";
    this.#select.hidden = options.length < 2;
  }
}
