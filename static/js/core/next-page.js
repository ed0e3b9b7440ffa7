// Where to go after signing in: where one came from, on this site only (CWE-601, open redirect).
import { root } from "./root.js";

/**
 * Return the path and query that `next` names, or `home` where a browser could read it as another host.
 *
 * The origin alone does not decide: `/.//host` is of this site, but its path, handed on without the origin, is
 * `//host`.
 * @param {string} next
 * @param {string} origin of this site
 * @param {string} [home]
 * @returns {string} begins with one slash
 */
export function ownPath(next, origin, home = "/") {
  const url = URL.canParse(next, origin) ? new URL(next, origin) : null;
  const ours = url !== null && url.origin === origin && !url.username && !url.password;
  return ours && /^\/(?![/\\])/.test(url.pathname) ? url.pathname + url.search : home;
}

/** @returns {string} the path of this site that the query's `next` names */
export function nextPage() {
  const home = `${root}/`;
  return ownPath(new URLSearchParams(location.search).get("next") ?? home, location.origin, home);
}
