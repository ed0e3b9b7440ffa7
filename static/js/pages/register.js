// Creating an account, and being signed in with it at once.
import { call } from "../api.js";
import { onSubmit } from "../forms.js";
import { nextPage } from "../next-page.js";
import { session } from "../session.js";

const form = /** @type {HTMLFormElement|null} */ (document.getElementById("form")); // Not there where registration is closed.

if (form) {
  onSubmit(form, async ({ username, password }) => {
    await call("/auth/register", { method: "POST", json: { username, password } });
    await session.signIn(username, password);
    location.assign(nextPage());
  });
}
