// The two export buttons that several pages have.
import { download } from "../core/api.js";
import { byId } from "../core/dom.js";
import { ApiError } from "../core/http.js";
import { dateInput } from "./period.js";
import { session } from "../core/session.js";
import { toast } from "../core/shell.js";
import { t } from "../core/texts.js";

/**
 * Make the buttons work.
 * @param {() => Record<string, any>} query what to export
 */
export function exportButtons(query) {
  for (const format of ["csv", "json"]) {
    const button = byId(`export-${format}`);
    button.addEventListener("click", async () => {
      button.disabled = true; // A large one takes a while.
      await save(format, query()).finally(() => {
        button.disabled = false;
      });
    });
  }
}

/**
 * @param {string} format
 * @param {Record<string, any>} query
 */
async function save(format, query) {
  if (!session.user) return toast(t("export.sign_in"));
  try {
    await download("/dashboard/export", { ...query, format }, `visionai-${dateInput()}.${format}`);
    return toast(t("export.done"));
  } catch (error) {
    if (error instanceof ApiError) return toast(error.message);
    throw error;
  }
}
