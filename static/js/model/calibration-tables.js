// What a fit is worth on pictures that it did not see, and the fits there are.
import { byId, el } from "../core/dom.js";
import { fillTable, numberCell, numbers, rowHead } from "../core/tables.js";
import { dateTime, number, percent, t } from "../core/texts.js";

/** @import { Calibration, Calibrations, Comparison, TrialFigures } from "./answers.js" */

const FIGURES = /** @type {const} */ (["accuracy", "macro_recall", "log_loss", "calibration_error"]);

/** @param {Comparison} figures */
export function comparisonTable({ before, after, gains }) {
  const heads = ["before", "after", "error"].map((name) => numbers(t(`calibrate.${name}`)));
  const rows = FIGURES.map((name) => {
    const values = [before[name], after[name], gains[name]?.standard_error];
    return el("tr", {}, rowHead(t(`calibrate.${name}`)), ...values.map((value) => numberCell(shown(name, value))));
  });
  fillTable(byId("trial-table"), [{ text: t("calibrate.figure") }, ...heads], rows);
}

/**
 * @param {keyof TrialFigures} name
 * @param {number} [value]
 */
function shown(name, value) {
  if (value === undefined) return "";
  return name === "log_loss" ? number(value, 2) : percent(value);
}

/**
 * @param {Calibrations} kept
 * @param {(name: string|null, button: HTMLButtonElement) => void} activate puts one into force; null: none
 */
export function calibrationsTable({ active, calibrations }, activate) {
  /**
   * @param {string|null} name
   * @param {string} label
   * @param {string} recall
   * @param {string} created
   */
  const row = (name, label, recall, created) => {
    const state = name === active ? t("calibrate.active") : activateButton(label, (button) => activate(name, button));
    return el("tr", {}, rowHead(label), el("td", {}, recall), el("td", {}, created), el("td", {}, state));
  };
  const heads = ["name", "macro_recall", "created", "state"].map((name) => ({ text: t(`calibrate.${name}`) }));
  const rows = calibrations.map((one) => row(one.name, one.name, recallOf(one), dateTime(one.created_at)));
  fillTable(byId("calibrations"), heads, [row(null, t("calibrate.as_measured"), "", ""), ...rows]);
}

/** @param {Calibration} calibration */
function recallOf({ figures: { before, after } }) {
  return `${percent(before.macro_recall)} → ${percent(after.macro_recall)}`;
}

/**
 * @param {string} label
 * @param {(button: HTMLButtonElement) => void} press
 */
function activateButton(label, press) {
  const name = t("calibrate.activate_named", { name: label });
  const attributes = { class: "button quiet small", type: "button", "aria-label": name };
  const button = el("button", attributes, t("calibrate.activate"));
  button.addEventListener("click", () => press(button));
  return button;
}
