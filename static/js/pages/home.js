// The home page's picture: dropped, pasted or chosen, read at once, its faces boxed and scored.
import { call } from "../core/api.js";
import { byId, el } from "../core/dom.js";
import { trackColour } from "../core/emotions.js";
import { ApiError } from "../core/http.js";
import { Overlay } from "../live/overlay.js";
import { ready } from "../core/ready.js";
import { scoreBars } from "../core/score-bars.js";
import { shrunk } from "../core/shrink.js";
import { counted, emotionName, number, percent, t } from "../core/texts.js";
import { themeChanges } from "../core/theme.js";

/** @typedef {import("../live/overlay.js").Face} Face */

const file = byId("file");
const picture = byId("picture");
const outcome = byId("outcome");
const overlay = new Overlay(byId("boxes"));
let faces = /** @type {Face[]} */ ([]);
let chosen = 0;
let scale = 1; // Pixels of the picture that was sent for a pixel of the one that is shown.
let reading = /** @type {AbortController|null} */ (null);

/**
 * Show a picture and read it; a newer one takes its place.
 * @param {File|Blob} blob
 */
async function read(blob) {
  reading?.abort();
  const turn = new AbortController();
  reading = turn;
  await show(blob);
  working(true);
  try {
    const sent = await shrunk(blob);
    scale = sent.scale;
    showPrediction(await predict(sent.blob, turn.signal));
  } catch (error) {
    if (turn.signal.aborted) return;
    if (!(error instanceof ApiError)) throw error;
    showProblem(error);
  } finally {
    if (reading === turn) working(false);
  }
}

/**
 * @param {Blob} blob
 * @param {AbortSignal} signal
 */
function predict(blob, signal) {
  const body = new FormData();
  body.append("file", blob, "picture");
  return call("/predict", { method: "POST", query: { record: byId("record").checked }, body, signal });
}

/** @param {Blob} blob */
async function show(blob) {
  URL.revokeObjectURL(picture.src);
  faces = [];
  overlay.clear();
  outcome.replaceChildren();
  byId("drop").hidden = true;
  byId("shown").hidden = false;
  byId("again").hidden = false;
  const name = blob instanceof File ? blob.name : "";
  picture.alt = t("picture.alt", { name });
  byId("picture-name").textContent = name;
  picture.src = URL.createObjectURL(blob);
  await picture.decode().catch(() => {}); // The server says what is wrong with it.
}

/** @param {boolean} busy */
function working(busy) {
  byId("working").hidden = !busy;
  byId("try").setAttribute("aria-busy", String(busy));
}

function showPrediction(prediction) {
  faces = prediction.faces;
  chosen = 0;
  outcome.replaceChildren(
    el("p", { class: "faint number" }, counted("faces", faces.length), " · ", t("picture.took", { ms: number(prediction.processing_time_ms) })),
    ...(faces.length > 1 ? [faceChoice()] : []),
    el("div", { id: "face" }),
  );
  showFace();
}

function faceChoice() {
  const choose = (index) => {
    chosen = index;
    showFace();
  };
  const options = faces.map((face, index) => {
    const dot = el("i", { class: "track-dot" });
    dot.style.background = trackColour(index);
    const input = el("input", { type: "radio", name: "face", value: index, checked: index === 0, on: { change: () => choose(index) } });
    return el("label", {}, input, dot, t("face.number", { number: index + 1 }));
  });
  return el("fieldset", { class: "choices faces" }, el("legend", { class: "visually-hidden" }, t("face.which")), ...options);
}

function showFace() {
  const face = faces[chosen];
  const list = el("ul", { class: "bars", "aria-label": t("scores") });
  scoreBars(list)(face.scores);
  byId("face").replaceChildren(
    el("p", { class: "verdict emotion", data: { emotion: face.emotion_name } }, emotionName(face.emotion_name), el("span", { class: "faint number" }, percent(face.confidence))),
    ...(face.uncertain ? [el("p", { class: "notice warn" }, t("face.uncertain"))] : []),
    list,
  );
  drawBoxes();
}

function drawBoxes() {
  const size = { width: picture.naturalWidth * scale, height: picture.naturalHeight * scale };
  if (faces.length && size.width) overlay.draw(faces, size, { chosen: faces.length > 1 ? chosen : null });
}

/** @param {ApiError} error */
function showProblem(error) {
  const noFace = error.code === "no_face";
  outcome.replaceChildren(el("p", { class: noFace ? "notice warn" : "notice bad", role: "alert" }, noFace ? t("picture.no_face") : error.message));
}

/** @param {DataTransfer|null} data */
function pictureIn(data) {
  return [...(data?.files ?? [])].find((item) => item.type.startsWith("image/") || item.type === "");
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
    const dropped = pictureIn(event.dataTransfer);
    if (dropped) read(dropped);
  });
}

for (const id of ["choose", "again"]) byId(id).addEventListener("click", () => file.click());
file.addEventListener("change", () => {
  if (file.files[0]) read(file.files[0]);
  file.value = "";
});
addEventListener("paste", (event) => {
  const pasted = pictureIn(event.clipboardData);
  if (pasted) read(pasted);
});
takeDrops();
new ResizeObserver(drawBoxes).observe(picture);
themeChanges.addEventListener("change", drawBoxes);
ready();
