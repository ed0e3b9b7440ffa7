// The people of a session: their labels, how long each was seen, and how that was shared out.
import { byId, el } from "../core/dom.js";
import { percentOrNothing } from "../core/tables.js";
import { number, t } from "../core/texts.js";
import { writtenHere } from "./inline.js";
import { shareBars } from "./share-bars.js";
import { personName } from "./words.js";

/** @import { Person, Session } from "./types.js" */

const MOST = 12;

/**
 * @param {Session} session
 * @param {(person: Person, label: string) => Promise<void>} label gives a person another label
 */
export function showPeople(session, label) {
  const place = byId("people");
  if (place.contains(document.activeElement)) return; // Who is writing a label goes on writing.
  const longest = [...session.people].sort((one, other) => other.seconds - one.seconds).slice(0, MOST);
  place.replaceChildren(...longest.map((person) => card(person, label)));
  byId("people-card").hidden = longest.length === 0;
  const left = session.people.length - longest.length;
  byId("people-rest").textContent = left ? t("session.people_rest", { count: number(left) }) : "";
}

/**
 * @param {Person} person
 * @param {(person: Person, label: string) => Promise<void>} label
 */
function card(person, label) {
  const name = t("session.label_of", { name: personName(person) });
  const input = el("input", { class: "written", maxlength: 100, "aria-label": name, list: "labels" });
  input.placeholder = t("person.number", { number: person.person });
  input.value = person.label ?? "";
  writtenHere(input, (text) => label(person, text));
  const seen = t("session.seen", { seconds: number(person.seconds) });
  const unsure = t("session.uncertain", { share: percentOrNothing(person.uncertain_share) });
  const numbers = person.persons.length > 1 ? ` · ${t("session.numbers", { numbers: person.persons.join(", ") })}` : "";
  return el(
    "li",
    { class: "person", data: { person: person.person } },
    input,
    el("p", { class: "faint" }, `${seen} · ${unsure}${numbers}`),
    person.shares ? shareBars(person.shares) : null,
  );
}
