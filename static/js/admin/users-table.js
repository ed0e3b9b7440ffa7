// The table of users, each with what may be changed of them.
import { byId, el } from "../core/dom.js";
import { fillTable, NOTHING, numberCell, numbers, rowButton } from "../core/tables.js";
import { ago, dateTime, number, t } from "../core/texts.js";

/**
 * @import { Head } from "../core/tables.js"
 * @import { ListedUser } from "./types.js"
 *
 * @typedef {"promote"|"demote"|"activate"|"deactivate"|"reset"} Action
 */

/**
 * @param {ListedUser[]} users
 * @param {(user: ListedUser, action: Action) => void} act
 */
export function usersTable(users, act) {
  /** @type {Head[]} */
  const heads = [
    { text: t("users.column.name") },
    { text: t("users.column.role") },
    { text: t("users.column.seen") },
    numbers(t("users.column.readings")),
    numbers(t("users.column.sessions")),
    { text: t("users.column.created"), kind: "wide-only" },
    { text: t("users.column.actions") },
  ];
  const rows = users.map((user) => row(user, act));
  fillTable(byId("rows"), heads, rows, t("users.caption"));
}

/**
 * @param {ListedUser} user
 * @param {(user: ListedUser, action: Action) => void} act
 */
function row(user, act) {
  const seen = user.last_seen;
  /** @param {Action} action */
  const button = (action) => rowButton(t(`users.${action}`), user.username, () => act(user, action));
  const day = dateTime(user.created_at, { dateStyle: "medium" });
  return el(
    "tr",
    { data: { user: user.user_id } },
    el("th", { scope: "row" }, user.username),
    el("td", {}, ...state(user)),
    el("td", {}, seen ? el("time", { datetime: seen, title: dateTime(seen) }, ago(seen)) : NOTHING),
    numberCell(number(user.predictions)),
    numberCell(number(user.sessions)),
    el("td", { class: "wide-only" }, el("time", { datetime: user.created_at }, day)),
    el("td", {}, el("div", { class: "actions" }, ...actionsOf(user).map(button))),
  );
}

/** @param {ListedUser} user */
function state({ role, is_active: active }) {
  const inactive = el("span", { class: "pill", data: { state: "off" } }, t("users.inactive"));
  return active ? [t(`users.role.${role}`)] : [`${t(`users.role.${role}`)} `, inactive];
}

/**
 * @param {ListedUser} user
 * @returns {Action[]}
 */
function actionsOf({ role, is_active: active }) {
  return [role === "admin" ? "demote" : "promote", active ? "deactivate" : "activate", "reset"];
}
