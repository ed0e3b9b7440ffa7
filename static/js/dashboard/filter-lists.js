// What may be filtered by: versions of the weights, one's sessions, and, for administrators, users.
import { call } from "../core/api.js";
import { byId, el } from "../core/dom.js";
import { attempt } from "../core/failures.js";
import { session } from "../core/session.js";
import { dateTime } from "../core/texts.js";
import { chosen } from "./address.js";

/** @typedef {{uid: string, title: string|null, participant: string|null, started_at: string}} Listed */

const SESSIONS = 50;
const USERS = 500;
const names = /** @type {Map<string, string>} */ (new Map());

/**
 * How a session is called: its title, or when it began.
 * @param {string} uid
 */
export function nameOfSession(uid) {
  return names.get(uid) ?? uid.slice(0, 8);
}

/** Fill the list of versions; the filter is of use from two on. */
export async function fillVersions() {
  await attempt(
    async () => {
      /** @type {{versions: string[]}} */
      const { versions } = await call("/dashboard/versions");
      const { version } = chosen();
      const all = version && !versions.includes(version) ? [version, ...versions] : versions;
      offer(
        "filter-version",
        all.map((tag) => [tag, tag]),
      );
      byId("filter-version-field").hidden = all.length < 2 && !version;
    },
    () => {},
  );
}

/** Fill the list of sessions: the newest of one's own, or of everybody's for an administrator. */
export async function fillSessions() {
  const { session: uid } = chosen();
  const found = /** @type {Listed[]} */ ([]);
  await attempt(
    async () => {
      if (session.user) found.push(...(await listed()));
      if (uid && !found.some((one) => one.uid === uid)) found.unshift(await call(`/sessions/${uid}`));
    },
    () => {},
  );
  for (const one of found) names.set(one.uid, one.title || one.participant || dateTime(one.started_at));
  const all = uid && !names.has(uid) ? [[uid, nameOfSession(uid)]] : [];
  offer("filter-session", [...all, ...found.map((one) => [one.uid, labelOf(one)])]);
  byId("filter-session-field").hidden = found.length === 0 && !uid;
}

/** @returns {Promise<Listed[]>} */
async function listed() {
  const { sessions } = await call("/sessions", { query: { limit: SESSIONS } });
  return sessions;
}

/** @param {Listed} one */
function labelOf({ title, participant, started_at: started }) {
  return [title, participant, dateTime(started)].filter(Boolean).join(" · ");
}

/** Offer the names of users to administrators. */
export async function fillUsers() {
  const { user } = chosen();
  const admin = session.user?.role === "admin";
  byId("filter-user-field").hidden = !admin && !user;
  if (!admin) return;
  await attempt(
    async () => {
      /** @type {{users: {username: string}[]}} */
      const { users } = await call("/dashboard/users");
      const options = users.slice(0, USERS).map(({ username }) => el("option", { value: username }));
      byId("filter-user-names").replaceChildren(...options);
    },
    () => {},
  );
}

/**
 * @param {string} id of a select, whose first option stays
 * @param {string[][]} options value and text
 */
function offer(id, options) {
  const select = byId(id, HTMLSelectElement);
  const first = select.options[0];
  select.replaceChildren(first, ...options.map(([value, text]) => el("option", { value }, text)));
}
