// The filters of the dashboard. They live in the address: to link to, to reload, to go back to.
import { byId, el } from "../core/dom.js";
import { EMOTIONS } from "../core/emotions.js";
import { dateInput } from "./period.js";
import { session } from "../core/session.js";
import { emotionName } from "../core/texts.js";

const PLAIN = { period: "7d", from: "", to: "", emotion: "", who: "all", bucket: "" };

/** Dispatches `change` when another choice is made, by hand or by going back. */
export class Filters extends EventTarget {
  #form = byId("filters");

  constructor() {
    super();
    byId("filter-emotion").append(...EMOTIONS.map((name) => el("option", { value: name }, emotionName(name))));
    this.#form.addEventListener("change", () => this.#changed());
    this.#form.addEventListener("submit", (event) => event.preventDefault());
    addEventListener("popstate", () => this.#followAddress());
    session.addEventListener("change", () => this.#show());
    this.#show();
  }

  /** @returns {import("./figures.js").Choice} */
  get choice() {
    const asked = Object.fromEntries(new URLSearchParams(location.search));
    const known = Object.fromEntries(Object.keys(PLAIN).map((key) => [key, asked[key] ?? PLAIN[key]]));
    if (!EMOTIONS.includes(known.emotion)) known.emotion = "";
    if (!session.user) known.who = "all";
    return /** @type {import("./figures.js").Choice} */ (known);
  }

  /**
   * Change part of the choice.
   * @param {Partial<import("./figures.js").Choice>} part
   */
  set(part) {
    const next = { ...this.choice, ...part };
    if (next.period !== "own") Object.assign(next, { from: "", to: "" });
    const query = new URLSearchParams(Object.entries(next).filter(([key, value]) => value !== PLAIN[key]));
    history.pushState(null, "", query.size ? `?${query}` : location.pathname);
    this.#followAddress();
  }

  #changed() {
    const { period, from, to, emotion, who } = this.#form.elements;
    const own = period.value === "own" ? { from: from.value || dateInput(-6), to: to.value || dateInput() } : {};
    this.set({ period: period.value, emotion: emotion.value, who: who.value, ...own });
  }

  #followAddress() {
    this.#show();
    this.dispatchEvent(new Event("change"));
  }

  #show() {
    const { choice } = this;
    for (const name of ["period", "from", "to", "emotion", "who"]) this.#form.elements[name].value = choice[name];
    if (!this.#form.elements.period.value) this.#form.elements.period.value = PLAIN.period;
    byId("filter-own").hidden = choice.period !== "own";
    byId("filter-who").hidden = !session.user;
  }
}
