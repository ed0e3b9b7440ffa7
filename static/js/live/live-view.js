// What the live page shows: boxes, bars, the minute, meters and the state of the connection.
import { byId, el, showOnly } from "../core/dom.js";
import { EMOTIONS } from "../core/emotions.js";
import { scoreBars } from "../core/score-bars.js";
import { NOTHING, rowHead } from "../core/tables.js";
import { counted, emotionName, number, percent, t } from "../core/texts.js";
import { still, themeChanges } from "../core/theme.js";
import { Headline } from "./headline.js";
import { Meters } from "./meters.js";
import { Minute } from "./minute.js";
import { Overlay, shown } from "./overlay.js";

/**
 * @import { Emotion } from "../core/emotions.js"
 * @import { StreamError } from "../client/failures.js"
 * @import { ConnectionState, Face, FrameAnswer } from "../client/types.js"
 * @import { Size } from "./overlay.js"
 */

const METERS_EVERY = 500;
const SPOKEN_EVERY = 4000;
const STATES = { idle: "idle", connecting: "waiting", connected: "on", lost: "off" };

export class LiveView {
  #mirrored = false;
  #overlay = new Overlay(byId("overlay", HTMLCanvasElement));
  #bars = scoreBars(byId("bars"));
  #minute = new Minute(byId("minute", HTMLCanvasElement));
  #meters = new Meters();
  #headline = new Headline();
  #toggle = byId("toggle", HTMLButtonElement);
  #stop = byId("stop", HTMLButtonElement);
  #chooseVideo = byId("choose-video", HTMLButtonElement);
  #parts = { paused: byId("toggle-paused"), running: byId("toggle-running") };
  #curtains = { consent: byId("consent"), trouble: byId("trouble") };
  #running = false;
  #said = { at: 0, name: "" };

  constructor() {
    const legend = EMOTIONS.map((name) => el("li", { class: "emotion", data: { emotion: name } }, emotionName(name)));
    byId("minute-legend").replaceChildren(...legend);
    setInterval(() => this.#showMeters(), METERS_EVERY);
    setInterval(() => this.#running && this.#minute.draw(), still ? 1000 : 100);
    setInterval(() => this.#running && this.#fillTable(), SPOKEN_EVERY);
    themeChanges.addEventListener("change", () => this.#minute.recolour());
  }

  /** @param {boolean} on whether the picture is shown as in a mirror */
  set mirrored(on) {
    this.#mirrored = on;
    byId("video").classList.toggle("mirrored", on);
  }

  /** @param {"consent"|"trouble"|null} name what hangs before the picture */
  curtain(name) {
    showOnly(this.#curtains, name);
    this.#chooseVideo.disabled = name === "consent";
    this.#toggle.disabled = name !== null;
  }

  /**
   * Say why there is no picture.
   * @param {string} title
   * @param {string} text
   */
  trouble(title, text) {
    byId("trouble-title").textContent = title;
    byId("trouble-text").textContent = text;
    this.curtain("trouble");
  }

  /** @param {boolean} on whether frames are being read */
  running(on) {
    this.#running = on;
    byId("screen").classList.toggle("running", on);
    if (on) this.#stop.disabled = false;
    showOnly(this.#parts, on ? "running" : "paused");
  }

  /** Clear what is shown of the source. */
  reset() {
    this.#stop.disabled = true;
    this.#overlay.clear();
    this.#bars(null);
    this.#minute.clear();
    this.#meters.reset();
    this.#headline.reset();
    this.#nobody();
    byId("faces-count").textContent = "";
  }

  /** @param {ConnectionState} state */
  connection(state) {
    const pill = byId("connection");
    pill.dataset.state = STATES[state];
    pill.textContent = t(`connection.${state}`);
    byId("lost").hidden = state !== "lost";
    byId("lost-text").textContent = t("connection.lost_long");
    if (state === "lost") this.#overlay.clear();
  }

  /**
   * @param {number} rtt
   * @param {FrameAnswer} answer
   */
  measured(rtt, answer) {
    this.#meters.add(rtt, answer);
  }

  /**
   * @param {FrameAnswer} prediction
   * @param {Size} size of the frame it speaks of
   */
  prediction(prediction, size) {
    const { faces } = prediction;
    const face = this.#headline.choose(faces, performance.now());
    byId("faces-count").textContent = counted("faces", faces.length);
    this.#overlay.draw(faces, size, { mirrored: this.#mirrored, glide: !still, chosen: chosenOf(faces, face) });
    if (face) this.#face(face);
    else this.#nobody();
  }

  /** @param {StreamError} error */
  problem(error) {
    if (error.code !== "timeout") byId("now-note").textContent = error.message;
  }

  /** @param {Face} face */
  #face(face) {
    const { name } = shown(face);
    const scores = face.smoothed?.scores ?? face.scores;
    byId("now-label").dataset.emotion = name;
    byId("now-name").textContent = emotionName(name);
    byId("now-note").textContent = t(face.uncertain ? "face.uncertain" : "live.largest");
    this.#bars(scores);
    this.#minute.add(scores);
    this.#say(name);
  }

  #nobody() {
    byId("now-label").dataset.emotion = "";
    byId("now-name").textContent = NOTHING;
    byId("now-note").textContent = t(this.#running ? "live.nobody" : "live.largest");
    this.#bars(null);
  }

  /**
   * Tell a screen reader of a change, not of every frame.
   * @param {Emotion} name
   */
  #say(name) {
    const now = performance.now();
    if (name === this.#said.name || now - this.#said.at < SPOKEN_EVERY) return;
    this.#said = { at: now, name };
    byId("spoken").textContent = emotionName(name);
  }

  #fillTable() {
    const { shares } = this.#minute;
    const rows = shares ? EMOTIONS.map((name) => [emotionName(name), percent(shares[name])]) : [];
    byId("minute-table").replaceChildren(
      ...rows.map(([name, share]) => el("tr", {}, rowHead(name), el("td", {}, share))),
    );
  }

  #showMeters() {
    const { fps, rtt, server, dropped } = this.#meters.now;
    byId("meter-fps").textContent = fps === null ? NOTHING : number(fps, 1);
    byId("meter-rtt").textContent = milliseconds(rtt);
    byId("meter-server").textContent = milliseconds(server);
    byId("meter-dropped").textContent = number(dropped);
  }
}

/**
 * The index of the face that the headline speaks of, to be brought out of several; null where it is alone or missing.
 * @param {Face[]} faces
 * @param {Face|null} face
 */
function chosenOf(faces, face) {
  return faces.length > 1 && face && faces.includes(face) ? faces.indexOf(face) : null;
}

/** @param {number|null} value */
function milliseconds(value) {
  return value === null ? NOTHING : t("milliseconds", { ms: number(value) });
}
