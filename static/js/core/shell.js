// What every page has: the theme, the language that keeps the address, who is signed in, short messages.
import { byId } from "./dom.js";
import { session } from "./session.js";
import { startTheme } from "./theme.js";

const SHOWN_FOR = 5000;
let toastTimer = 0;

/**
 * Say something in passing.
 * @param {string} text
 */
export function toast(text) {
  const node = byId("toast");
  node.textContent = text;
  node.hidden = false;
  clearTimeout(toastTimer);
  toastTimer = setTimeout(() => {
    node.hidden = true;
  }, SHOWN_FOR);
}

function showAccount() {
  const { user } = session;
  byId("account-sign-in").hidden = Boolean(user);
  byId("account-profile").hidden = !user;
  byId("account-name").textContent = user?.username ?? "";
  byId("way-admin").hidden = user?.role !== "admin";
}

function keepAddress() {
  const next = byId("language-next", HTMLInputElement);
  byId("languages").addEventListener("submit", () => {
    next.value = location.pathname + location.search;
  });
}

startTheme();
keepAddress();
showAccount();
session.addEventListener("change", showAccount);
