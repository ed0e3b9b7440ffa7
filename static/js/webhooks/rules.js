// The rules of who is signed in: listed, made, turned off and on, deleted.
import { call, command } from "../core/api.js";
import { sure } from "../core/dialog.js";
import { byId, el } from "../core/dom.js";
import { attempt, showFailure } from "../core/failures.js";
import { onSubmit } from "../core/forms.js";
import { toast } from "../core/shell.js";
import { rowHead } from "../core/tables.js";
import { emotionName, number, percent, t } from "../core/texts.js";
import { act, actionsCell, onOrOff, refill } from "./rows.js";

/** @import { Rule } from "./types.js" */

const COLUMNS = ["name", "when", "state", "actions"];
const form = byId("rules-form", HTMLFormElement);

/** Show the rules of who is signed in. */
export async function startRules() {
  await attempt(show, (error) => showFailure(error.message, "rules-failed"));
}

async function show() {
  /** @type {{rules: Rule[]}} */
  const { rules } = await call("/rules");
  byId("rules-none").hidden = rules.length > 0;
  byId("rules-list").hidden = rules.length === 0;
  const heads = COLUMNS.map((name) => t(`rules.column.${name}`));
  refill(byId("rules-rows"), t("rules.caption"), heads, rules.map(row));
}

/** @param {Rule} rule */
function row(rule) {
  const { id, name, active } = rule;
  return el(
    "tr",
    { data: { id } },
    rowHead(name),
    el("td", {}, when(rule)),
    el("td", {}, t(active ? "rules.on" : "rules.off")),
    actionsCell(name, [
      [onOrOff(active), () => act(() => turn(rule))],
      [t("hooks.delete"), () => act(() => remove(rule))],
    ]),
  );
}

/** @param {Rule} rule */
function when({ expression, share, seconds, people }) {
  const values = { expression: emotionName(expression), share: percent(share) };
  const amounts = { seconds: number(seconds), people: number(people) };
  return t(people === 1 ? "rules.when.one" : "rules.when.other", { ...values, ...amounts });
}

/** @param {Rule} rule */
async function turn({ id, active }) {
  await call(`/rules/${id}`, { method: "PATCH", json: { active: !active } });
  toast(t(active ? "rules.turned_off" : "rules.turned_on"));
  await show();
}

/** @param {Rule} rule */
async function remove({ id, name }) {
  if (!(await sure(t("hooks.delete"), t("rules.ask", { name })))) return;
  await command(`/rules/${id}`, { method: "DELETE" });
  toast(t("hooks.deleted"));
  await show();
  byId("rule-name").focus();
}

/** @param {Record<"name"|"expression"|"share"|"seconds"|"people", string>} values */
async function create({ name, expression, share, seconds, people }) {
  const amounts = { share: Number(share) / 100, seconds: Number(seconds), people: Number(people) };
  await call("/rules", { method: "POST", json: { name, expression, ...amounts } });
  form.reset();
  toast(t("rules.created"));
  await show();
}

onSubmit(form, create, "rule-refused");
