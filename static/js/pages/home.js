// The home page's picture: dropped, pasted or chosen, read at once, its faces boxed and scored.
import { call } from "../core/api.js";
import { byId, el, onFile } from "../core/dom.js";
import { trackColour } from "../core/emotions.js";
import { attempt } from "../core/failures.js";
import { ready } from "../core/ready.js";
import { scoreBars } from "../core/score-bars.js";
import { shrunk } from "../core/shrink.js";
import { counted, emotionName, number, percent, t } from "../core/texts.js";
import { themeChanges } from "../core/theme.js";
import { offUntilChosen } from "../live/consent.js";
import { Overlay } from "../live/overlay.js";

/**
 * @import { ApiError } from "../core/http.js"
 * @import { Face } from "../client/types.js"
 * @typedef {{faces: Face[], processing_time_ms: number}} Prediction
 */

const file = byId("file", HTMLInputElement);
const record = byId("record", HTMLInputElement);
const picture = byId("picture", HTMLImageElement);
const outcome = byId("outcome");
const overlay = new Overlay(byId("boxes", HTMLCanvasElement));
let faces = /** @type {Face[]} */ ([]);
let chosen = 0;
/** Pixels of the picture that was sent for a pixel of the one that is shown. */
let scale = 1;
let reading = /** @type {AbortController|null} */ (null);

/**
 * Show a picture and read it; a newer one takes its place.
 * @param {File} blob
 */
async function read(blob) {
  reading?.abort();
  const turn = new AbortController();
  reading = turn;
  await show(blob);
  working(true);
  try {
    await attempt(
      () => predict(blob, turn.signal),
      (error) => turn.signal.aborted || showProblem(error),
    );
  } catch (error) {
    if (!turn.signal.aborted) throw error;
  } finally {
    if (reading === turn) working(false);
  }
}

/**
 * @param {Blob} blob
 * @param {AbortSignal} signal
 */
async function predict(blob, signal) {
  const sent = await shrunk(blob);
  const body = new FormData();
  body.append("file", sent.blob, "picture");
  /** @type {Prediction} */
  const prediction = await call("/predict", { method: "POST", query: { record: record.checked }, body, signal });
  scale = sent.scale;
  showPrediction(prediction);
}

/** @param {File} blob */
async function show(blob) {
  URL.revokeObjectURL(picture.src);
  faces = [];
  overlay.clear();
  outcome.replaceChildren();
  byId("drop").hidden = true;
  byId("shown").hidden = false;
  byId("again").hidden = false;
  picture.alt = t("picture.alt", { name: blob.name });
  byId("picture-name").textContent = blob.name;
  picture.src = URL.createObjectURL(blob);
  await picture.decode().catch(() => {}); // The server says what is wrong with it.
}

/** @param {boolean} busy */
function working(busy) {
  byId("working").hidden = !busy;
  byId("try").setAttribute("aria-busy", String(busy));
}

/** @param {Prediction} prediction */
function showPrediction(prediction) {
  faces = prediction.faces;
  chosen = 0;
  const took = t("picture.took", { ms: number(prediction.processing_time_ms) });
  outcome.replaceChildren(
    el("p", { class: "faint number" }, counted("faces", faces.length), " · ", took),
    ...(faces.length > 1 ? [faceChoice()] : []),
    el("div", { id: "face" }),
  );
  showFace();
}

function faceChoice() {
  const legend = el("legend", { class: "visually-hidden" }, t("face.which"));
  return el("fieldset", { class: "choices faces" }, legend, ...faces.map((_, index) => faceOption(index)));
}

/** @param {number} index */
function faceOption(index) {
  const choose = () => {
    chosen = index;
    showFace();
  };
  const dot = el("i", { class: "track-dot" });
  dot.style.background = trackColour(index);
  const checked = index === 0;
  const input = el("input", { type: "radio", name: "face", value: index, checked, on: { change: choose } });
  return el("label", {}, input, dot, t("face.number", { number: index + 1 }));
}

function showFace() {
  const { emotion_name: name, confidence, scores, uncertain } = faces[chosen];
  const list = el("ul", { class: "bars", "aria-label": t("scores") });
  scoreBars(list)(scores);
  const share = el("span", { class: "faint number" }, percent(confidence));
  byId("face").replaceChildren(
    el("p", { class: "verdict emotion", data: { emotion: name } }, emotionName(name), share),
    ...(uncertain ? [el("p", { class: "notice warn" }, t("face.uncertain"))] : []),
    list,
  );
  drawBoxes();
}

function drawBoxes() {
  const size = { width: picture.naturalWidth * scale, height: picture.naturalHeight * scale };
  if (faces.length && size.width) overlay.draw(faces, size, { chosen: faces.length > 1 ? chosen : null });
}

/** @param {ApiError} error */
function showProblem({ code, message }) {
  const noFace = code === "no_face";
  const text = noFace ? t("picture.no_face") : message;
  outcome.replaceChildren(el("p", { class: noFace ? "notice warn" : "notice bad", role: "alert" }, text));
}

/** @param {DataTransfer|null} data */
function readFrom(data) {
  const found = [...(data?.files ?? [])].find((item) => item.type.startsWith("image/") || item.type === "");
  if (found) read(found);
}

function takeDrops() {
  const stage = byId("stage");
  addEventListener("dragover", (event) => {
    event.preventDefault();
    stage.classList.add("over");
  });
  addEventListener("dragleave", (event) => {
    if (!event.relatedTarget) stage.classList.remove("over");
  });
  addEventListener("drop", (event) => {
    event.preventDefault();
    stage.classList.remove("over");
    readFrom(event.dataTransfer);
  });
}

for (const id of ["choose", "again"]) byId(id).addEventListener("click", () => file.click());
onFile(file, read);
addEventListener("paste", (event) => readFrom(event.clipboardData));
takeDrops();
offUntilChosen(record);
new ResizeObserver(drawBoxes).observe(picture);
themeChanges.addEventListener("change", drawBoxes);
ready();
