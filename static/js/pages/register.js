// Creating an account, and being signed in with it at once.
import { call } from "../core/api.js";
import { onSubmit } from "../core/forms.js";
import { nextPage } from "../core/next-page.js";
import { session } from "../core/session.js";

const form = document.getElementById("form"); // Not there where registration is closed.

/** @param {Record<"username"|"password", string>} values */
async function register({ username, password }) {
  await call("/auth/register", { method: "POST", json: { username, password } });
  await session.signIn(username, password);
  location.assign(nextPage());
}

if (form instanceof HTMLFormElement) onSubmit(form, register);
