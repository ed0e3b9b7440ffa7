// What is kept, and the deletion of a session by whoever has its receipt.
import { command } from "../core/api.js";
import { byId } from "../core/dom.js";
import { onSubmit } from "../core/forms.js";
import { toast } from "../core/shell.js";
import { t } from "../core/texts.js";

const form = byId("form", HTMLFormElement);

/** @param {Record<"session"|"receipt", string>} values */
async function remove({ session, receipt }) {
  const path = `/sessions/${encodeURIComponent(session.trim())}`;
  await command(path, { method: "DELETE", receipt: receipt.trim() });
  form.reset();
  toast(t("session.deleted"));
}

onSubmit(form, remove);
