// The table of sessions: what each is, chosen for a comparison, renamed and deleted.
import { byId, el } from "../core/dom.js";
import { fillTable, numberCell, numbers } from "../core/tables.js";
import { dateTime, number, t } from "../core/texts.js";
import { addressOf } from "./uids.js";
import { durationText, orNothing, statusPill, titleOf } from "./words.js";

/**
 * @import { Head } from "../core/tables.js"
 * @import { ListedSession } from "./types.js"
 *
 * @typedef {object} Actions
 * @property {(session: ListedSession, chosen: boolean) => void} choose
 * @property {(session: ListedSession, title: string) => Promise<void>} rename
 * @property {(session: ListedSession) => void} remove
 * @property {(uid: string) => boolean} isChosen
 */

/**
 * @param {ListedSession[]} sessions
 * @param {{users: boolean, actions: Actions}} options `users`: of several people, whose names are shown
 */
export function listTable(sessions, { users, actions }) {
  /** @type {Head[]} */
  const heads = [
    { text: t("sessions.column.choose") },
    { text: t("sessions.column.title") },
    { text: t("sessions.column.participant"), kind: "wide-only" },
    ...(users ? [{ text: t("column.user") }] : []),
    { text: t("sessions.column.started") },
    numbers(t("sessions.column.length")),
    numbers(t("sessions.column.people")),
    { text: t("sessions.column.status"), kind: "wide-only" },
    { text: t("sessions.column.actions") },
  ];
  fillTable(
    byId("rows"),
    heads,
    sessions.map((session) => row(session, users, actions)),
    t("sessions.caption"),
  );
}

/**
 * @param {ListedSession} session
 * @param {boolean} users
 * @param {Actions} actions
 */
function row(session, users, actions) {
  const title = el("th", { scope: "row", class: "session-title" }, link(session));
  return el(
    "tr",
    { data: { uid: session.uid } },
    el("td", {}, chooser(session, actions)),
    title,
    el("td", { class: "wide-only" }, orNothing(session.participant)),
    users ? el("td", {}, orNothing(session.user)) : null,
    el("td", {}, el("time", { datetime: session.started_at }, dateTime(session.started_at))),
    numberCell(durationText(session)),
    numberCell(number(session.people_count)),
    el("td", { class: "wide-only" }, statusPill(session)),
    el("td", { class: "row-actions" }, buttons(session, title, actions)),
  );
}

/** @param {ListedSession} session */
function link(session) {
  return el("a", { href: addressOf(session.uid), class: session.title === null && "faint" }, titleOf(session));
}

/**
 * @param {ListedSession} session
 * @param {Actions} actions
 */
function chooser(session, { choose, isChosen }) {
  const name = t("sessions.choose", { title: titleOf(session) });
  const box = el("input", { type: "checkbox", "aria-label": name, checked: isChosen(session.uid) });
  box.addEventListener("change", () => choose(session, box.checked));
  return el("label", { class: "check" }, box);
}

/**
 * @param {ListedSession} session
 * @param {HTMLElement} place where its title stands
 * @param {Actions} actions
 */
function buttons(session, place, actions) {
  const copy = byId("row-actions", HTMLTemplateElement).content.cloneNode(true);
  const nodes = /** @type {DocumentFragment} */ (copy);
  const [rename, remove] = nodes.querySelectorAll("button");
  for (const button of [rename, remove]) {
    button.setAttribute("aria-label", `${button.title}: ${titleOf(session)}`);
  }
  rename.addEventListener("click", () => renameIn(place, session, actions, rename));
  remove.addEventListener("click", () => actions.remove(session));
  return nodes;
}

/**
 * Put a field in the place of a title until it is saved or taken back.
 * @param {HTMLElement} place
 * @param {ListedSession} session
 * @param {Actions} actions
 * @param {HTMLElement} button to go back to
 */
function renameIn(place, session, { rename }, button) {
  const input = el("input", { class: "input small", "aria-label": t("sessions.column.title"), maxlength: 200 });
  input.value = session.title ?? "";
  let open = true;
  /** @param {boolean} keep */
  const close = async (keep) => {
    if (!open) return;
    open = false;
    const title = input.value.trim();
    if (keep && title !== (session.title ?? "")) await rename(session, title);
    place.replaceChildren(link(session));
    if (document.activeElement === document.body) button.focus();
  };
  input.addEventListener("blur", () => close(true));
  input.addEventListener("keydown", (event) => {
    if (event.key === "Enter") close(true);
    if (event.key === "Escape") close(false);
  });
  place.replaceChildren(input);
  input.focus();
  input.select();
}
