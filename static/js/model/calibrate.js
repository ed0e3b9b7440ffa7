// Fitting the scores to an administrator's own labelled pictures: read in small batches, tried, kept or discarded.
import { call } from "../core/api.js";
import { byId, el } from "../core/dom.js";
import { EMOTIONS } from "../core/emotions.js";
import { ApiError } from "../core/http.js";
import { session } from "../core/session.js";
import { toast } from "../core/shell.js";
import { shrunk } from "../core/shrink.js";
import { counted, dateTime, emotionName, number, percent, t } from "../core/texts.js";

const ROOT = "/admin/calibrations";
const MOST_PICTURES = 60;
const BATCH_FILES = 8;
const BATCH_BYTES = 16 * 1024 * 1024;
const FIGURES = ["accuracy", "macro_recall", "log_loss", "calibration_error"];

/** @typedef {Record<string, File[]>} Chosen files by emotion */

let aliases = /** @type {Record<string, string>} */ ({});
let chosen = /** @type {Chosen} */ ({});
let readings = /** @type {string[]} */ ([]);
let changed = () => {};

/**
 * Show the card to administrators.
 * @param {() => void} onChange called when another calibration, or none, was put into force
 */
export function startCalibration(onChange) {
  changed = onChange;
  aliases = JSON.parse(byId("calibrate-card").dataset.aliases);
  byId("calibrate-folder").addEventListener("change", ({ target }) => choose(byFolder([...target.files])));
  for (const name of EMOTIONS) {
    byId(`calibrate-${name}`).addEventListener("change", ({ target }) => choose({ ...chosen, [name]: [...target.files] }));
  }
  byId("calibrate-form").addEventListener("submit", submitted(readAndTry));
  byId("keep-form").addEventListener("submit", submitted(keep));
  byId("discard").addEventListener("click", discard);
  session.addEventListener("change", show);
  show();
}

function show() {
  const allowed = session.user?.role === "admin";
  const card = byId("calibrate-card");
  if (allowed && card.hidden) trying(async () => list(await call(ROOT)));
  card.hidden = !allowed;
}

/**
 * The pictures of a folder by the sub-folder that names their expression.
 * @param {File[]} files
 * @returns {Chosen}
 */
function byFolder(files) {
  const found = /** @type {Chosen} */ ({});
  for (const file of files) {
    const folders = file.webkitRelativePath.split("/").slice(0, -1);
    const name = folders.map((folder) => aliases[folder.normalize("NFC").trim().toLowerCase()]).find(Boolean);
    if (name && file.type.startsWith("image/")) (found[name] ??= []).push(file);
  }
  return found;
}

/** @param {Chosen} files */
function choose(files) {
  chosen = Object.fromEntries(Object.entries(files).map(([name, all]) => [name, all.slice(0, MOST_PICTURES)]));
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
  const states = /** @type {string[]} */ ([]);
  const signed = /** @type {string[]} */ ([]);
  for (const [emotion, files] of Object.entries(chosen)) {
    for (const batch of await batches(files)) {
      byId("calibrate-status").textContent = t("calibrate.reading", { done: number(states.length), total: number(total) });
      const answer = await call(`${ROOT}/readings`, { method: "POST", query: { emotion }, body: formOf(batch) });
      signed.push(answer.readings);
      states.push(...answer.results.map(({ status }) => status));
    }
  }
  const count = (wanted) => number(states.filter((status) => wanted(status)).length);
  const values = { read: count((status) => status === "read"), no_face: count((status) => status === "no_face"), bad: count((status) => status !== "read" && status !== "no_face") };
  byId("calibrate-status").textContent = t("calibrate.done", values);
  const trial = await call(`${ROOT}/trial`, { method: "POST", json: { readings: signed } });
  readings = signed;
  showTrial(trial);
}

/**
 * Groups of pictures that are few and light enough for one request.
 * @param {File[]} files
 * @returns {Promise<Blob[][]>}
 */
async function batches(files) {
  const groups = /** @type {Blob[][]} */ ([]);
  let bytes = Infinity;
  for (const file of files) {
    const { blob } = await shrunk(file);
    if (bytes + blob.size > BATCH_BYTES || groups.at(-1).length >= BATCH_FILES) {
      groups.push([]);
      bytes = 0;
    }
    groups.at(-1).push(blob);
    bytes += blob.size;
  }
  return groups;
}

/** @param {Blob[]} pictures */
function formOf(pictures) {
  const form = new FormData();
  for (const picture of pictures) form.append("files", picture);
  return form;
}

function showTrial({ helps, reason, figures }) {
  byId("trial").hidden = false;
  byId("trial-verdict").className = `notice ${helps ? "good" : "warn"}`;
  byId("trial-verdict").textContent = helps ? t("calibrate.helps") : reason;
  const { before, after, gains } = figures;
  const heads = ["figure", "before", "after", "error"].map((name, index) => el("th", { scope: "col", class: index ? "number" : null }, t(`calibrate.${name}`)));
  const rows = FIGURES.map((name) => el("tr", {}, el("th", { scope: "row" }, t(`calibrate.${name}`)), ...[before[name], after[name], gains[name]?.standard_error].map((value) => el("td", { class: "number" }, value === undefined ? "" : shown(name, value)))));
  byId("trial-table").replaceChildren(el("thead", {}, el("tr", {}, ...heads)), el("tbody", {}, ...rows));
  byId("keep-field").hidden = !helps;
  byId("keep").hidden = !helps;
  (helps ? byId("calibrate-name") : byId("discard")).focus();
}

function shown(name, value) {
  return name === "log_loss" ? number(value, 2) : percent(value);
}

async function keep() {
  const name = byId("calibrate-name").value.trim();
  await call(ROOT, { method: "POST", json: { name, readings, activate: true } });
  discard();
  byId("calibrate-status").textContent = "";
  toast(t("calibrate.in_force", { name }));
  list(await call(ROOT));
  changed();
}

function discard() {
  readings = [];
  byId("trial").hidden = true;
  byId("calibrate-failed").hidden = true;
  byId("calibrate-name").value = "";
}

/** @param {string|null} name null: none */
async function activate(name) {
  list(await call(`${ROOT}/active`, { method: "PUT", json: { name } }));
  toast(name ? t("calibrate.in_force", { name }) : t("calibrate.taken_back"));
  changed();
}

function list({ active, calibrations }) {
  const heads = ["name", "macro_recall", "created", "state"].map((name) => el("th", { scope: "col" }, t(`calibrate.${name}`)));
  const rows = calibrations.map(({ name, created_at, figures: { before, after } }) => row(name, name, `${percent(before.macro_recall)} → ${percent(after.macro_recall)}`, dateTime(created_at), active === name));
  byId("calibrations").replaceChildren(el("thead", {}, el("tr", {}, ...heads)), el("tbody", {}, row(null, t("calibrate.as_measured"), "", "", active === null), ...rows));
}

function row(name, label, recall, created, inForce) {
  const button = () => el("button", { class: "button quiet small", type: "button", "aria-label": t("calibrate.activate_named", { name: label }), on: { click: ({ target }) => acting(target, () => activate(name)) } }, t("calibrate.activate"));
  return el("tr", {}, el("th", { scope: "row" }, label), el("td", {}, recall), el("td", {}, created), el("td", {}, inForce ? t("calibrate.active") : button()));
}

/**
 * A listener that runs an action in the place of sending a form.
 * @param {() => Promise<void>} action
 */
function submitted(action) {
  return (event) => {
    event.preventDefault();
    acting(event.target.querySelector("[type=submit]"), action);
  };
}

/**
 * @param {HTMLButtonElement} button disabled while the action runs
 * @param {() => Promise<void>} action
 */
async function acting(button, action) {
  button.disabled = true;
  await trying(action).finally(() => {
    button.disabled = false;
  });
}

/** @param {() => Promise<void>} action */
async function trying(action) {
  byId("calibrate-failed").hidden = true;
  try {
    await action();
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    const wrong = error.code === "validation_failed" ? Object.values(error.details).flat().join(" ") : "";
    byId("calibrate-failed-text").textContent = wrong || error.message;
    byId("calibrate-failed").hidden = false;
  }
}
