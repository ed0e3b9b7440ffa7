// Consent to what is kept: off until it is chosen, a refusal is remembered, and nothing is chosen again by itself.
import { byId, showOnly } from "../core/dom.js";
import { session } from "../core/session.js";

const REFUSED = "visionai.refused";

/**
 * Keep a box unticked until somebody ticks it: when a page is shown again, and when somebody signs in or out.
 * @param {HTMLInputElement} box
 * @param {() => void} [withdrawn] called when a box was unticked so
 */
export function offUntilChosen(box, withdrawn = () => {}) {
  let username = session.user?.username;
  const untick = () => {
    box.checked = false;
    withdrawn();
  };
  box.checked = false;
  addEventListener("pageshow", ({ persisted }) => persisted && untick());
  session.addEventListener("change", () => {
    if (session.user?.username !== username) untick();
    username = session.user?.username;
  });
}

/** The question before the first frame, and what was answered. */
export class Consent {
  #box = byId("record", HTMLInputElement);
  #curtain = byId("consent");
  #version = byId("kept").dataset.version ?? "";
  #names = byId("consent-names");
  #title = byId("session-title", HTMLInputElement);
  #participant = byId("session-participant", HTMLInputElement);
  #parts = { question: byId("consent-question"), refused: byId("consent-refused") };
  #keeps = false;

  /** @param {() => void} withdrawn called when the answer no longer holds, since somebody signed in or out */
  constructor(withdrawn) {
    offUntilChosen(this.#box, () => {
      const kept = this.#keeps;
      this.withdraw();
      if (kept) withdrawn();
    });
    this.#box.addEventListener("change", () => this.#show());
    byId("choose-again").addEventListener("click", () => {
      localStorage.removeItem(REFUSED);
      this.withdraw();
      this.#curtain.focus();
    });
    this.#show();
  }

  /** Whether what is read now may be kept. */
  get keeps() {
    return this.#keeps;
  }

  /** Whether frames may be sent without asking: it was answered and that still holds. */
  get answered() {
    return this.#keeps || this.#refused;
  }

  /** What whoever keeps wrote about the session. */
  get names() {
    return { title: this.#title.value.trim() || undefined, participant: this.#participant.value.trim() || undefined };
  }

  /** Take the answer, if it is being asked for; a refusal holds for the visits to come. */
  take() {
    if (this.#curtain.hidden) return;
    this.#keeps = this.#box.checked && !this.#refused;
    if (!this.#keeps) localStorage.setItem(REFUSED, this.#version);
  }

  /** Keep nothing from now on; who had chosen to keep is asked again, who refused is not. */
  withdraw() {
    this.#keeps = false;
    this.#box.checked = false;
    this.#title.value = "";
    this.#participant.value = "";
    this.#show();
  }

  /** Whether this very text was refused in this browser. */
  get #refused() {
    return localStorage.getItem(REFUSED) === this.#version;
  }

  #show() {
    showOnly(this.#parts, this.#refused ? "refused" : "question");
    byId("record-choice").hidden = this.#refused;
    this.#names.hidden = this.#refused || !this.#box.checked;
  }
}
