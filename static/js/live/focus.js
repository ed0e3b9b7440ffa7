// The keyboard's focus where what had it is gone: on what came in its place, not at the top of the page.

/** @param {HTMLElement} target with a tabindex */
export function keepFocus(target) {
  const { activeElement } = document;
  const isThere = activeElement && activeElement !== document.body && activeElement.checkVisibility();
  if (!isThere) target.focus({ preventScroll: true });
}
