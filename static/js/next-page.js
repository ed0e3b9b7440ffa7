// Where to go after signing in: where one came from, on this site only.

/** @returns {string} a path of this site */
export function nextPage() {
  const asked = new URLSearchParams(location.search).get("next") ?? "/";
  const url = new URL(asked, location.origin);
  return url.origin === location.origin ? url.pathname + url.search : "/";
}
