// Webhooks and rules: who is told of what, and what became of it.
import { forSignedIn } from "../core/signed-in.js";
import { startHooks } from "../webhooks/hooks.js";
import { startRules } from "../webhooks/rules.js";

forSignedIn(["webhooks"], () => {
  startHooks();
  startRules();
});
