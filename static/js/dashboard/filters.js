// The filters of the dashboard: controls and chips over the choice in the address.
import { byId, el } from "../core/dom.js";
import { BY_VALENCE, isEmotion } from "../core/emotions.js";
import { limits } from "../core/limits.js";
import { session } from "../core/session.js";
import { emotionName, t } from "../core/texts.js";
import { addressOf, chosen, unfiltered } from "./address.js";
import { chipsOf, rangeText, showChips } from "./chips.js";
import { fillSessions, fillUsers, fillVersions, nameOfSession } from "./filter-lists.js";
import { dateInput, problemOf } from "./period.js";

/** @import { FullChoice } from "./address.js" */

const NAMED = /** @type {const} */ (["period", "from", "to", "emotion", "source", "version", "session", "user"]);
/** Fields whose trouble is told beside them. */
const TOLD = ["from", "version", "source", "session", "user"];

/** Dispatches `change` when another choice is made, by hand or by going back. */
export class Filters extends EventTarget {
  #form = byId("filters", HTMLFormElement);
  #chips = byId("chips");

  constructor() {
    super();
    this.#field("emotion").append(...BY_VALENCE.map((name) => el("option", { value: name }, emotionName(name))));
    this.#form.addEventListener("change", () => this.#changed());
    this.#form.addEventListener("submit", (event) => event.preventDefault());
    this.#chips.addEventListener("click", ({ target }) => this.#chipPressed(/** @type {Element} */ (target)));
    byId("empty-clear").addEventListener("click", () => this.set(unfiltered()));
    addEventListener("popstate", () => this.#followAddress());
    session.addEventListener("change", () => this.#show());
    byId("more-filters", HTMLDetailsElement).open = ["source", "version", "session", "user"].some(
      (name) => chosen()[/** @type {"source"} */ (name)],
    );
    this.#show();
  }

  /** Ask for what may be filtered by; who may not see figures may not see this either. */
  async fill() {
    await Promise.all([fillVersions(), fillSessions(), fillUsers()]);
    this.#show();
  }

  /** @returns {FullChoice} */
  get choice() {
    return chosen();
  }

  /**
   * Change part of the choice.
   * @param {Partial<FullChoice>} part
   * @param {{page: number}|null} [state] to be found again by going back
   */
  set(part, state = null) {
    const address = addressOf(part);
    if (address === (location.search || location.pathname)) return;
    history.pushState(state, "", address);
    this.#followAddress();
  }

  /**
   * Say beside a field what is wrong with it; fields that are fine say nothing.
   * @param {Record<string, string>} wrong by name
   * @returns {boolean} whether all of it could be said
   */
  explain(wrong) {
    for (const name of TOLD) {
      const text = wrong[name] ?? "";
      const place = byId(`filter-${name}-wrong`);
      if (place.textContent !== text) place.textContent = text;
      place.hidden = !text;
      for (const field of name === "from" ? ["from", "to"] : [name]) {
        this.#field(field).toggleAttribute("aria-invalid", Boolean(text));
        if (text) this.#field(field).setAttribute("aria-invalid", "true");
      }
    }
    byId("filter-own").hidden = chosen().period !== "own" && !wrong.from;
    if (TOLD.slice(1).some((name) => wrong[name])) byId("more-filters", HTMLDetailsElement).open = true;
    return Object.keys(wrong).every((name) => TOLD.includes(name));
  }

  /** @returns {Record<string, string>} what is wrong with the choice, as far as can be told without asking */
  get trouble() {
    const problem = problemOf(chosen());
    return problem ? { from: t(`period.${problem}`, { days: limits.max_days.day }) } : {};
  }

  #changed() {
    const asked = /** @type {Record<string, string>} */ (Object.fromEntries(new FormData(this.#form)));
    const part = Object.fromEntries(NAMED.map((name) => [name, asked[name] ?? ""]));
    if (part.period === "own") {
      part.from ||= dateInput(-6);
      part.to ||= dateInput();
    }
    if (part.period === "range") Object.assign(part, { from: chosen().from, to: chosen().to });
    if (part.session !== chosen().session) part.period = part.session ? "session" : "";
    this.set({ ...part, emotion: isEmotion(part.emotion) ? part.emotion : "", who: asked.who ?? "all" });
  }

  /** @param {Element} target */
  #chipPressed(target) {
    const pressed = target.closest("[data-chip]");
    if (!(pressed instanceof HTMLElement)) return;
    const chips = chipsOf(chosen(), "");
    const parts = chips.filter(({ key }) => [key, "all"].includes(pressed.dataset.chip ?? ""));
    const without = /** @type {Partial<FullChoice>} */ (Object.assign({}, ...parts.map((chip) => chip.without)));
    this.set(without);
    (this.#chips.hidden ? this.#field("period") : this.#chips.querySelector("button"))?.focus();
  }

  #followAddress() {
    this.#show();
    this.dispatchEvent(new Event("change"));
  }

  #show() {
    const choice = chosen();
    this.#showPeriod(choice);
    for (const name of NAMED) if (name !== "period") this.#field(name).value = choice[name];
    byId("filter-mine", HTMLInputElement).checked = choice.who === "me";
    byId("filter-everybody", HTMLInputElement).checked = choice.who !== "me";
    byId("filter-who").hidden = !session.user || choice.user !== "";
    showChips(this.#chips, chipsOf(choice, nameOfSession(choice.session)));
  }

  /** @param {FullChoice} choice */
  #showPeriod(choice) {
    const field = this.#field("period");
    const [range, whole] = [byId("period-range", HTMLOptionElement), byId("period-session", HTMLOptionElement)];
    range.hidden = choice.period !== "range";
    range.textContent = choice.period === "range" ? rangeText(choice) || t("period.range") : t("period.range");
    whole.hidden = !choice.session;
    field.value = choice.period;
    if (!field.value) field.value = "7d"; // Another period than the page offers.
    byId("filter-own").hidden = choice.period !== "own";
  }

  /** @param {string} name */
  #field(name) {
    return /** @type {HTMLInputElement|HTMLSelectElement} */ (byId(`filter-${name}`));
  }
}
