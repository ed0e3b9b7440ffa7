// Fitting the scores to an administrator's own labelled pictures: read in small batches, tried, kept or discarded.
import { call } from "../core/api.js";
import { byId } from "../core/dom.js";
import { EMOTIONS } from "../core/emotions.js";
import { attempt, hideFailure, showFailure, whileDisabled } from "../core/failures.js";
import { onSend } from "../core/forms.js";
import { ApiError } from "../core/http.js";
import { session } from "../core/session.js";
import { toast } from "../core/shell.js";
import { counted, number, t } from "../core/texts.js";
import { calibrationsTable, comparisonTable } from "./calibration-tables.js";
import { byFolder, fewEnough, readAll } from "./labelled.js";

/**
 * @import { Calibrations, Trial } from "./answers.js"
 * @import { Labelled } from "./labelled.js"
 */

const ROOT = "/admin/calibrations";
const FAILED = "calibrate-failed";
const card = byId("calibrate-card");
const calibrationName = byId("calibrate-name", HTMLInputElement);

let chosen = /** @type {Labelled} */ ({});
let readings = /** @type {string[]} */ ([]);
let changed = () => {};

/**
 * Show the card to administrators.
 * @param {() => void} onChange called when another calibration, or none, was put into force
 */
export function startCalibration(onChange) {
  changed = onChange;
  const aliases = JSON.parse(card.dataset.aliases ?? "{}");
  onFiles("calibrate-folder", (files) => choose(byFolder(files, aliases)));
  for (const name of EMOTIONS) onFiles(`calibrate-${name}`, (files) => choose({ ...chosen, [name]: [...files] }));
  onSend(byId("calibrate-form", HTMLFormElement), () => trying(readAndTry));
  onSend(byId("keep-form", HTMLFormElement), () => trying(keep));
  byId("discard").addEventListener("click", discard);
  session.addEventListener("change", show);
  show();
}

function show() {
  const allowed = session.user?.role === "admin";
  if (allowed && card.hidden) trying(list);
  card.hidden = !allowed;
}

/**
 * @param {string} id
 * @param {(files: FileList) => void} take
 */
function onFiles(id, take) {
  const input = byId(id, HTMLInputElement);
  input.addEventListener("change", () => {
    if (input.files) take(input.files);
  });
}

/** @param {Labelled} files */
function choose(files) {
  chosen = fewEnough(files);
  for (const name of EMOTIONS) {
    const count = chosen[name]?.length ?? 0;
    byId(`calibrate-count-${name}`).textContent = count ? counted("calibrate.pictures", count) : "";
  }
  discard();
}

/** Send all pictures, a few at a time, and show what a fit to them is worth. */
async function readAndTry() {
  discard();
  const total = Object.values(chosen).flat().length;
  if (!total) throw new ApiError(0, "no_pictures", t("calibrate.none"));
  const { signed, states } = await readAll(`${ROOT}/readings`, chosen, (done) => {
    status(t("calibrate.reading", { done: number(done), total: number(total) }));
  });
  const read = states.filter((state) => state === "read").length;
  const faceless = states.filter((state) => state === "no_face").length;
  const bad = states.length - read - faceless;
  status(t("calibrate.done", { read: number(read), no_face: number(faceless), bad: number(bad) }));
  /** @type {Trial} */
  const trial = await call(`${ROOT}/trial`, { method: "POST", json: { readings: signed } });
  readings = signed;
  showTrial(trial);
}

/** @param {string} text */
function status(text) {
  byId("calibrate-status").textContent = text;
}

/** @param {Trial} trial */
function showTrial({ helps, reason, figures }) {
  byId("trial").hidden = false;
  byId("trial-verdict").className = `notice ${helps ? "good" : "warn"}`;
  byId("trial-verdict").textContent = helps ? t("calibrate.helps") : reason;
  comparisonTable(figures);
  byId("keep-field").hidden = !helps;
  byId("keep").hidden = !helps;
  (helps ? calibrationName : byId("discard")).focus();
}

async function keep() {
  const name = calibrationName.value.trim();
  await call(ROOT, { method: "POST", json: { name, readings, activate: true } });
  discard();
  status("");
  toast(t("calibrate.in_force", { name }));
  await list();
  changed();
}

function discard() {
  readings = [];
  byId("trial").hidden = true;
  hideFailure(FAILED);
  calibrationName.value = "";
}

/** @param {string|null} name null: none */
async function activate(name) {
  showList(await call(`${ROOT}/active`, { method: "PUT", json: { name } }));
  toast(name ? t("calibrate.in_force", { name }) : t("calibrate.taken_back"));
  changed();
}

async function list() {
  showList(await call(ROOT));
}

/** @param {Calibrations} kept */
function showList(kept) {
  calibrationsTable(kept, (name, button) => whileDisabled(button, () => trying(() => activate(name))));
}

/** @param {() => Promise<void>} action */
function trying(action) {
  hideFailure(FAILED);
  return attempt(action, (error) => {
    const wrong = error.fields.map(([, said]) => said).join(" ");
    showFailure(wrong || error.message, FAILED);
  });
}
