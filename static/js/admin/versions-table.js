// The table of versions of the weights and their calibrations.
import { byId, el } from "../core/dom.js";
import { fillTable, NOTHING, numberCell, numbers, percentOrNothing } from "../core/tables.js";
import { dateTime, t } from "../core/texts.js";

/**
 * @import { Head } from "../core/tables.js"
 * @import { Choice } from "./types.js"
 */

/**
 * @param {Choice[]} choices
 * @param {(choice: Choice) => void} activate
 */
export function versionsTable(choices, activate) {
  /** @type {Head[]} */
  const heads = [
    { text: t("versions.column.tag") },
    numbers(t("versions.column.accuracy")),
    { text: t("versions.column.created"), kind: "wide-only" },
    { text: t("versions.column.activated") },
    { text: t("versions.column.by") },
    { text: t("versions.column.actions") },
  ];
  const rows = choices.map((choice) => row(choice, activate));
  fillTable(byId("rows"), heads, rows, t("versions.caption"));
}

/**
 * @param {Choice} choice
 * @param {(choice: Choice) => void} activate
 */
function row(choice, activate) {
  return el(
    "tr",
    { data: { tag: choice.tag } },
    el("th", { scope: "row" }, choice.tag),
    numberCell(percentOrNothing(choice.metrics?.even_accuracy ?? null)),
    el("td", { class: "wide-only" }, moment(choice.created_at)),
    el("td", {}, choice.activated_at ? moment(choice.activated_at) : NOTHING),
    el("td", {}, choice.activated_by ?? (choice.activated_at ? t("versions.nobody") : NOTHING)),
    el("td", {}, stand(choice, activate)),
  );
}

/**
 * Where a version stands, or the button that puts it into force.
 * @param {Choice} choice
 * @param {(choice: Choice) => void} activate
 */
function stand(choice, activate) {
  if (choice.in_force) return el("span", { class: "pill", data: { state: "on" } }, t("versions.in_force"));
  if (!choice.can_be_activated) return el("span", { class: "pill" }, t("versions.no_file"));
  const words = t("versions.activate");
  const attributes = { type: "button", class: "button quiet small", "aria-label": `${words}: ${choice.tag}` };
  return el("button", { ...attributes, on: { click: () => activate(choice) } }, words);
}

/** @param {string} instant */
function moment(instant) {
  return el("time", { datetime: instant }, dateTime(instant));
}
