// What the API's calls of administrators answer.

/**
 * @typedef {object} ListedUser
 * @property {number} user_id
 * @property {string} username
 * @property {"user"|"admin"} role
 * @property {boolean} is_active
 * @property {string} created_at
 * @property {string|null} last_seen
 * @property {number} predictions
 * @property {number} sessions
 *
 * @typedef {{count: number, users: ListedUser[], next_cursor: string|null}} UsersPage
 * @typedef {{user_id: number, username: string, role: string, password: string}} Issued
 *
 * @typedef {object} Choice what can be put into force
 * @property {string} tag
 * @property {string} version
 * @property {string|null} calibration
 * @property {string} created_at
 * @property {Record<string, number>|null} metrics
 * @property {boolean} can_be_activated
 * @property {boolean} in_force
 * @property {string|null} activated_at
 * @property {string|null} activated_by
 *
 * @typedef {{in_force: string|null, before: string|null, choices: Choice[]}} Choices
 *
 * @typedef {object} Entry a row of the audit log
 * @property {number} id
 * @property {string} timestamp
 * @property {string} action
 * @property {{kind: "user"|"command_line"|"server"|"nobody", user_id: number|null, username: string|null}} actor
 * @property {{kind: "user"|"session"|"version", id: string, username: string|null}|null} target
 * @property {string|null} source_ip
 * @property {Record<string, string|number|boolean|null>} details
 *
 * @typedef {{count: number, entries: Entry[], next_cursor: string|null}} AuditPage
 *
 * @typedef {object} Status
 * @property {"healthy"|"degraded"} status
 * @property {string} version
 * @property {number} process
 * @property {string} started_at
 * @property {number} processes
 * @property {number} clients_connected
 * @property {{model_version_tag: string|null, waiting: number, queue: number, busy_threads: number, threads: number,
 *   lost_threads: number}} inference
 * @property {{backlog: number, buffer: number, set_aside: number}} recorder
 * @property {{free_bytes: number, total_bytes: number}} disk
 * @property {{state: "ok"|"unavailable", kind: string, revision: string|null, expected: string|null,
 *   size_bytes: number|null}} database
 *
 * @typedef {{days: number, before: string|null, rows: number}} Rule
 * @typedef {Record<"predictions"|"sessions"|"audit", Rule>} Retention
 */

export {};
