// The two export buttons that several pages have.
import { download } from "../core/api.js";
import { byId } from "../core/dom.js";
import { attempt, whileDisabled } from "../core/failures.js";
import { session } from "../core/session.js";
import { toast } from "../core/shell.js";
import { t } from "../core/texts.js";
import { dateInput } from "./period.js";

/** @import { Query } from "../core/http.js" */

/**
 * Make the buttons work.
 * @param {() => Query} query what to export
 */
export function exportButtons(query) {
  for (const format of ["csv", "json"]) {
    const button = byId(`export-${format}`, HTMLButtonElement);
    button.addEventListener("click", () => {
      whileDisabled(button, () => save(format, query())); // A large one takes a while.
    });
  }
}

/**
 * @param {string} format
 * @param {Query} query
 */
async function save(format, query) {
  if (!session.user) return toast(t("export.sign_in"));
  return attempt(
    async () => {
      await download("/dashboard/export", { ...query, format }, `visionai-${dateInput()}.${format}`);
      toast(t("export.done"));
    },
    (error) => toast(error.message),
  );
}
