// The audit log, narrowed and page by page.
import { auditTable } from "../admin/audit-table.js";
import { startList } from "../admin/list.js";
import { forAdmins } from "../admin/only-admins.js";
import { call } from "../core/api.js";
import { counted } from "../core/texts.js";

/**
 * @import { AuditPage } from "../admin/types.js"
 * @import { Query } from "../core/http.js"
 */

const FILTERS = ["actor", "action", "since", "until"];

/** @param {Query} query */
async function fill(query) {
  /** @type {AuditPage} */
  const page = await call("/audit", { query });
  auditTable(page.entries);
  return page;
}

forAdmins(startList(FILTERS, (count) => counted("audit.shown", count), fill).start);
