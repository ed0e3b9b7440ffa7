// Signing in.
import { byId } from "../core/dom.js";
import { onSubmit } from "../core/forms.js";
import { nextPage } from "../core/next-page.js";
import { session } from "../core/session.js";

/** @param {Record<"username"|"password", string>} values */
async function signIn({ username, password }) {
  await session.signIn(username, password);
  location.assign(nextPage());
}

onSubmit(byId("form", HTMLFormElement), signIn);
