// The last minute, a lane for each person: who they are, what they show, and the controls to pick and pin them.
import { byId, contextOf, el } from "../core/dom.js";
import { BY_VALENCE, best, byEmotion, colour, emotionColours } from "../core/emotions.js";
import { NOTHING, rowHead } from "../core/tables.js";
import { emotionName, percent, t } from "../core/texts.js";
import { still, themeChanges } from "../core/theme.js";
import { drawAxis, drawLane } from "./lane-drawing.js";
import { BREAK } from "./people.js";

/**
 * @import { Scores } from "../core/emotions.js"
 * @import { Inks, Scene } from "./lane-drawing.js"
 * @import { Person } from "./people.js"
 * @import { Run } from "./run.js"
 * @typedef {{node: HTMLLIElement, pick: HTMLButtonElement, pin: HTMLButtonElement, now: HTMLElement,
 *   context: CanvasRenderingContext2D}} Lane
 * @typedef {{number: number, pinned: boolean}|null} Chosen of whom the headline speaks by choice
 */

/** Milliseconds between two pictures, with more lanes than FEW, and where nothing is to move. */
const EVERY = 100;
const EVERY_OF_MANY = 250;
const EVERY_STILL = 1000;
const FEW = 5;

/** Events: `pick` and `pin`, with the Person. */
export class Lanes extends EventTarget {
  #list = byId("lanes");
  #axis = contextOf(byId("lanes-axis", HTMLCanvasElement));
  #template = byId("lane", HTMLTemplateElement);
  /** @type {Map<Person, Lane>} */
  #lanes = new Map();
  #inks = inksOfNow();
  #drawnAt = -Infinity;

  constructor() {
    super();
    themeChanges.addEventListener("change", () => {
      this.#inks = inksOfNow();
    });
  }

  /**
   * Show a run as it is now, if the last picture of it is old enough.
   * @param {Run} run
   * @param {number} now milliseconds of the run
   * @param {Chosen} chosen
   * @param {Person|null} spoken of whom the headline speaks
   */
  draw(run, now, chosen, spoken) {
    const every = still ? EVERY_STILL : this.#lanes.size > FEW ? EVERY_OF_MANY : EVERY;
    if (performance.now() - this.#drawnAt < every) return;
    this.#drawnAt = performance.now();
    const people = run.people.recent(now);
    this.#arrange(people);
    const scene = { now, gaps: run.gaps(now), markers: run.markers, inks: this.#inks };
    for (const person of people) this.#draw(person, scene, chosen, spoken);
    drawAxis(this.#axis, scene);
  }

  /** Remove all lanes. */
  clear() {
    this.#arrange([]);
    this.#drawnAt = -Infinity;
    drawAxis(this.#axis, { now: 0, gaps: [], markers: [], inks: this.#inks });
  }

  /**
   * Say the shares of the minute, for who does not see the lanes.
   * @param {Run} run
   * @param {number} now
   */
  tell(run, now) {
    const people = run.people.recent(now);
    const heads = people.map(({ number }) => el("th", { scope: "col" }, t("person.number", { number })));
    byId("lanes-table-head").replaceChildren(el("tr", {}, el("td"), ...heads));
    const shares = people.map(({ moments }) => sharesOf(moments.map(({ scores }) => scores)));
    const rows = BY_VALENCE.map((name) => {
      return el("tr", {}, rowHead(emotionName(name)), ...shares.map((share) => el("td", {}, percent(share[name]))));
    });
    byId("lanes-table").replaceChildren(...rows);
  }

  /**
   * Keep a lane for each of these and for nobody else; lanes that stay keep the focus.
   * @param {Person[]} people
   */
  #arrange(people) {
    for (const [person, { node }] of this.#lanes) {
      if (people.includes(person)) continue;
      if (node.contains(document.activeElement)) this.#list.focus();
      node.remove();
      this.#lanes.delete(person);
    }
    for (const person of people) if (!this.#lanes.has(person)) this.#lanes.set(person, this.#make(person));
    const nodes = people.map((person) => /** @type {Lane} */ (this.#lanes.get(person)).node);
    for (const [index, node] of nodes.entries()) {
      if (this.#list.children[index] !== node) this.#list.insertBefore(node, this.#list.children[index] ?? null);
    }
  }

  /**
   * @param {Person} person
   * @returns {Lane}
   */
  #make(person) {
    const copy = /** @type {DocumentFragment} */ (this.#template.content.cloneNode(true));
    /**
     * @template {Element} Kind
     * @param {string} selector
     * @param {new () => Kind} kind
     */
    const part = (selector, kind) => {
      const found = copy.querySelector(selector);
      if (!(found instanceof kind)) throw new Error(`A lane has no ${selector}`);
      return found;
    };
    const canvas = part("canvas", HTMLCanvasElement);
    const lane = {
      node: part("li", HTMLLIElement),
      pick: part(".lane-pick", HTMLButtonElement),
      pin: part(".lane-pin", HTMLButtonElement),
      now: part(".lane-now", HTMLElement),
      context: contextOf(canvas),
    };
    part(".lane-number", HTMLElement).textContent = String(person.number);
    for (const node of [lane.pick, canvas]) node.addEventListener("click", () => this.#tell("pick", person));
    lane.pin.addEventListener("click", () => this.#tell("pin", person));
    return lane;
  }

  /**
   * @param {Person} person
   * @param {Scene} scene
   * @param {Chosen} chosen
   * @param {Person|null} spoken
   */
  #draw(person, scene, chosen, spoken) {
    const lane = /** @type {Lane} */ (this.#lanes.get(person));
    const { number } = person;
    const isThere = scene.now - person.lastAt < BREAK;
    const name = isThere ? best(person.moments.at(-1)?.scores ?? person.face.scores) : null;
    const isChosen = chosen?.number === number;
    const words = name ? emotionName(name) : NOTHING;
    lane.now.dataset.emotion = name ?? "";
    setText(lane.now, words);
    lane.node.classList.toggle("spoken", spoken === person);
    const label = { number, name: name ? words : t("person.away") };
    setPressed(lane.pick, isChosen, t("lane.pick", label));
    setPressed(lane.pin, isChosen && chosen.pinned, t("lane.pin", label));
    drawLane(lane.context, person.moments, scene);
  }

  /**
   * @param {"pick"|"pin"} name
   * @param {Person} person
   */
  #tell(name, person) {
    this.dispatchEvent(new CustomEvent(name, { detail: person }));
  }
}

/** @returns {Inks} */
function inksOfNow() {
  return { emotions: emotionColours(), ink: colour("ink"), line: colour("ink-faint") };
}

/** @param {Scores[]} all */
function sharesOf(all) {
  return byEmotion((name) => all.reduce((sum, scores) => sum + scores[name], 0) / Math.max(1, all.length));
}

/**
 * @param {HTMLElement} node
 * @param {string} text
 */
function setText(node, text) {
  if (node.textContent !== text) node.textContent = text;
}

/**
 * @param {HTMLButtonElement} button
 * @param {boolean} on
 * @param {string} label
 */
function setPressed(button, on, label) {
  if (button.getAttribute("aria-pressed") !== String(on)) button.setAttribute("aria-pressed", String(on));
  if (button.getAttribute("aria-label") !== label) button.setAttribute("aria-label", label);
}
