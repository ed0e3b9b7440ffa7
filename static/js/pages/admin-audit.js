// The audit log, narrowed and page by page.
import { auditTable } from "../admin/audit-table.js";
import { startList } from "../admin/list.js";
import { forAdmins } from "../admin/only-admins.js";
import { call } from "../core/api.js";

/** @import { AuditPage } from "../admin/types.js" */

const list = startList(["actor", "action", "since", "until"], "audit.shown", async (query) => {
  /** @type {AuditPage} */
  const page = await call("/audit", { query });
  auditTable(page.entries);
  return page;
});
forAdmins(list.start);
