// Tables whose rows have buttons, filled anew while somebody is in them: the keyboard stays where it was.
import { el } from "../core/dom.js";
import { attempt } from "../core/failures.js";
import { toast } from "../core/shell.js";
import { fillTable, rowButton } from "../core/tables.js";
import { t } from "../core/texts.js";

/**
 * Fill a table; the button that had the focus, or what stands in its place, has it again.
 * @param {HTMLElement} table
 * @param {string} caption
 * @param {string[]} heads
 * @param {HTMLTableRowElement[]} rows each with its own `data-id`
 */
export function refill(table, caption, heads, rows) {
  const place = placeIn(table);
  const columns = heads.map((text) => ({ text }));
  fillTable(table, columns, rows, caption);
  if (!place) return;
  const buttons = rows.find((row) => row.dataset.id === place.id)?.querySelectorAll("button");
  const next = buttons?.[place.index] ?? buttons?.[0] ?? table.closest("[tabindex]");
  if (next instanceof HTMLElement) next.focus();
}

/** @param {HTMLElement} table */
function placeIn(table) {
  const { activeElement: button } = document;
  const row = button instanceof HTMLButtonElement && table.contains(button) && button.closest("tr");
  return row ? { id: row.dataset.id, index: [...row.querySelectorAll("button")].indexOf(button) } : null;
}

/**
 * The cell of a row's buttons.
 * @param {string} of the name of what the row shows
 * @param {[words: string, act: () => void][]} actions
 */
export function actionsCell(of, actions) {
  const buttons = actions.map(([words, act]) => rowButton(words, of, act));
  return el("td", {}, el("div", { class: "actions" }, ...buttons));
}

/**
 * Do what a button of a row is for; what is refused is said.
 * @param {() => Promise<void>} action
 */
export function act(action) {
  return attempt(action, (error) => toast(error.message));
}

/** @param {boolean} active */
export function onOrOff(active) {
  return t(active ? "hooks.turn_off" : "hooks.turn_on");
}
