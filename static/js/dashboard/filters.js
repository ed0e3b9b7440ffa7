// The filters of the dashboard. They live in the address: to link to, to reload, to go back to.
import { byId, el } from "../core/dom.js";
import { EMOTIONS, isEmotion } from "../core/emotions.js";
import { session } from "../core/session.js";
import { emotionName } from "../core/texts.js";
import { dateInput } from "./period.js";

/** @import { Choice } from "./figures.js" */

const PLAIN = /** @type {Choice} */ ({ period: "7d", from: "", to: "", emotion: "", who: "all", bucket: "" });

/** Dispatches `change` when another choice is made, by hand or by going back. */
export class Filters extends EventTarget {
  #form = byId("filters", HTMLFormElement);
  #period = byId("filter-period", HTMLSelectElement);
  #from = byId("filter-from", HTMLInputElement);
  #to = byId("filter-to", HTMLInputElement);
  #emotion = byId("filter-emotion", HTMLSelectElement);
  #mine = byId("filter-mine", HTMLInputElement);
  #everybodys = byId("filter-everybody", HTMLInputElement);

  constructor() {
    super();
    this.#emotion.append(...EMOTIONS.map((name) => el("option", { value: name }, emotionName(name))));
    this.#form.addEventListener("change", () => this.#changed());
    this.#form.addEventListener("submit", (event) => event.preventDefault());
    addEventListener("popstate", () => this.#followAddress());
    session.addEventListener("change", () => this.#show());
    this.#show();
  }

  /** @returns {Choice} */
  get choice() {
    const asked = { ...PLAIN, ...Object.fromEntries(new URLSearchParams(location.search)) };
    const { period, from, to, emotion, who, bucket } = asked;
    return { period, from, to, emotion: isEmotion(emotion) ? emotion : "", who: session.user ? who : "all", bucket };
  }

  /**
   * Change part of the choice.
   * @param {Partial<Choice>} part
   */
  set(part) {
    const next = { ...this.choice, ...part };
    if (next.period !== "own") Object.assign(next, { from: "", to: "" });
    const names = /** @type {(keyof Choice)[]} */ (Object.keys(PLAIN));
    const chosen = names.filter((name) => next[name] !== PLAIN[name]);
    const query = new URLSearchParams(chosen.map((name) => [name, next[name]]));
    history.pushState(null, "", query.size ? `?${query}` : location.pathname);
    this.#followAddress();
  }

  #changed() {
    const period = this.#period.value;
    const own = period === "own";
    this.set({
      period,
      from: own ? this.#from.value || dateInput(-6) : "",
      to: own ? this.#to.value || dateInput() : "",
      emotion: isEmotion(this.#emotion.value) ? this.#emotion.value : "",
      who: this.#mine.checked ? "me" : "all",
    });
  }

  #followAddress() {
    this.#show();
    this.dispatchEvent(new Event("change"));
  }

  #show() {
    const { period, from, to, emotion, who } = this.choice;
    this.#period.value = period;
    if (!this.#period.value) this.#period.value = PLAIN.period; // Another period than the page offers.
    this.#from.value = from;
    this.#to.value = to;
    this.#emotion.value = emotion;
    this.#mine.checked = who === "me";
    this.#everybodys.checked = who !== "me";
    byId("filter-own").hidden = period !== "own";
    byId("filter-who").hidden = !session.user;
  }
}
