// Light, dark or the system's: a cookie remembers it, so that the server renders the page in it from the start.
import { byId } from "./dom.js";
import { root as base } from "./root.js";
import { t } from "./texts.js";

const CHOICES = ["auto", "light", "dark"];
const root = document.documentElement;
const dark = matchMedia("(prefers-color-scheme: dark)");

/** Whether this person asks for a page that does not move. */
export const still = matchMedia("(prefers-reduced-motion: reduce)").matches;

/** Tells canvases that colours have changed. */
export const themeChanges = new EventTarget();

/** Make the header's button work. */
export function startTheme() {
  const button = byId("theme", HTMLButtonElement);
  button.hidden = false;
  show(button);
  button.addEventListener("click", () => {
    choose(CHOICES[(CHOICES.indexOf(chosen()) + 1) % CHOICES.length]);
    show(button);
  });
  dark.addEventListener("change", announce);
  matchMedia("print").addEventListener("change", announce); // Paper is light.
}

function chosen() {
  return root.dataset.theme ?? "auto";
}

/** @param {string} choice */
function choose(choice) {
  if (choice === "auto") delete root.dataset.theme;
  else root.dataset.theme = choice;
  const age = choice === "auto" ? 0 : 31536000;
  // biome-ignore lint/suspicious/noDocumentCookie: CookieStore is not in every browser that these pages are for.
  document.cookie = `theme=${choice}; path=${base}/; max-age=${age}; samesite=lax`;
  announce();
}

function announce() {
  themeChanges.dispatchEvent(new Event("change"));
}

/** @param {HTMLElement} button */
function show(button) {
  const icons = /** @type {NodeListOf<HTMLElement>} */ (button.querySelectorAll("[data-icon]"));
  for (const icon of icons) icon.hidden = icon.dataset.icon !== chosen();
  button.title = t(`theme.${chosen()}`);
  button.setAttribute("aria-label", button.title);
}
