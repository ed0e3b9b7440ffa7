// Pages whose cursor is in the address: back and forth by the browser, and by our own buttons over those passed.

/** The cursors of the pages before this one, "" of the first. */
function passed() {
  return /** @type {string[]} */ (history.state?.trail ?? []);
}

/** How many pages were passed on the way here. */
export function pagesPassed() {
  return passed().length;
}

/**
 * @param {string} address of the page after this one
 * @param {string} cursor of this one
 */
export function goOlder(address, cursor) {
  history.pushState({ trail: [...passed(), cursor] }, "", address);
}

/**
 * Go to the page before; to the first one where it is not known.
 * @param {(cursor: string) => string} addressOf
 */
export function goNewer(addressOf) {
  const trail = passed();
  history.pushState({ trail: trail.slice(0, -1) }, "", addressOf(trail.at(-1) ?? ""));
}
