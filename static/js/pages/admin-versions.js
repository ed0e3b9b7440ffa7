// The versions of the weights: put into force, and taken back.
import { forAdmins } from "../admin/only-admins.js";
import { versionsTable } from "../admin/versions-table.js";
import { call } from "../core/api.js";
import { sure } from "../core/dialog.js";
import { byId } from "../core/dom.js";
import { attempt, hideFailure, showFailure, whileDisabled } from "../core/failures.js";
import { t } from "../core/texts.js";

/** @import { Choice, Choices } from "../admin/types.js" */

const VERSIONS = "/admin/versions";
const rollBack = byId("roll-back", HTMLButtonElement);
let before = "";

/** @param {Choices} answer */
function show(answer) {
  before = answer.before ?? "";
  byId("in-force").hidden = answer.in_force === null;
  byId("in-force").textContent = t("versions.changed", { tag: answer.in_force ?? "" });
  rollBack.hidden = !before;
  rollBack.textContent = t("versions.roll_back", { tag: before });
  versionsTable(answer.choices, activate);
}

/** @param {Choice} choice */
async function activate({ tag }) {
  if (!(await sure(t("versions.activate"), t("versions.ask", { tag })))) return;
  await putting(() => call(`${VERSIONS}/active`, { method: "PUT", json: { tag } }));
}

async function goBack() {
  if (!(await sure(t("versions.roll_back", { tag: before }), t("versions.ask", { tag: before })))) return;
  await putting(() => call(`${VERSIONS}/rollback`, { method: "POST" }));
}

/** @param {() => Promise<Choices>} put */
function putting(put) {
  return attempt(
    async () => {
      hideFailure();
      const answer = await put();
      show(answer);
    },
    (error) => showFailure(error.message),
  );
}

rollBack.addEventListener("click", () => whileDisabled(rollBack, goBack));
forAdmins(async () => show(await call(VERSIONS)));
