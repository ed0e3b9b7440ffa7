// Signing in.
import { byId } from "../dom.js";
import { onSubmit } from "../forms.js";
import { nextPage } from "../next-page.js";
import { session } from "../session.js";

onSubmit(byId("form"), async ({ username, password }) => {
  await session.signIn(username, password);
  location.assign(nextPage());
});
