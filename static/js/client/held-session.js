// The session that a client records into, across connections: taken up again, given to another, or lost.
import { askOver } from "./ask.js";
import { closedGate, openGate, pause } from "./gate.js";

/** @import { Session, SessionNews, Socket, StartedSession } from "./types.js" */

/** How long the server keeps a session whose client is away, and how long to wait before it is asked for again. */
const PATIENCE = 60_000;
const ASK_AGAIN = 1000;
/** A session that was lost with its token is told of just before the token is. */
const TOKEN_PAUSE = 300;
/** Codes of the server after which a session will not be had by asking again. */
const OVER = new Set(["not_found", "session_ended", "validation_failed", "invalid_token", "token_expired"]);

export class HeldSession {
  #tell;
  #session = /** @type {Session|null} */ (null);
  #lostAt = 0;
  /** Closed from a connection until its answer about the session: frames sent before would not be recorded. */
  #gate = openGate();

  /** @param {(news: SessionNews) => void} tell hears when it was taken up again, moved or lost */
  constructor(tell) {
    this.#tell = tell;
  }

  get session() {
    return this.#session;
  }

  get gate() {
    return this.#gate;
  }

  /** What a connection says to have its session back. */
  get claim() {
    return this.#session ? { session: this.#session.uid, receipt: this.#session.receipt } : {};
  }

  /** @param {Session} session */
  begin({ uid, receipt }) {
    this.#session = { uid, receipt };
  }

  /** There is none any more, and nothing to wait for. */
  end() {
    this.#session = null;
    this.#gate.open();
  }

  /** A connection is there, which says `claim` and is answered. */
  connected() {
    if (this.#session) this.#gate = closedGate();
  }

  /** The connection is gone. */
  disconnected() {
    this.#lostAt = Date.now();
    this.#gate.open();
  }

  /**
   * The server speaks of the session without having been asked.
   * @param {StartedSession|{uid: string, status: "moved"|"lost", resumed?: undefined}} said
   */
  heard(said) {
    if (said.resumed) this.#resumed(said);
    else this.#taken(/** @type {{uid: string, status: "moved"|"lost"}} */ (said));
  }

  /**
   * Ask again for a session that cannot be had just now, as long as the server keeps it.
   * @param {Socket} socket
   * @param {string} code why it was refused
   */
  async refused(socket, code) {
    const { uid: session, receipt } = this.#session ?? {};
    if (!session || this.#gate.isOpen) return;
    if (OVER.has(code) || Date.now() - this.#lostAt > PATIENCE) {
      this.#forget("lost");
      return;
    }
    const gate = this.#gate;
    await pause(ASK_AGAIN);
    if (gate.isOpen) return;
    await askOver(socket, "session_start", [{ session, receipt }]).then(
      (said) => this.#resumed(said),
      (error) => this.refused(socket, error.code),
    );
  }

  /** @param {{uid: string}} said */
  #resumed({ uid }) {
    this.#tell({ status: "resumed", uid, gap_ms: Date.now() - this.#lostAt });
    this.#gate.open();
  }

  /** @param {{uid: string, status: "moved"|"lost"}} said */
  async #taken({ uid, status }) {
    if (this.#session?.uid !== uid) return;
    if (status === "lost") {
      const gate = closedGate();
      this.#gate = gate;
      await pause(TOKEN_PAUSE);
      if (gate.isOpen) return; // It connects anew, with another token, and comes back with its session.
    }
    this.#forget(status);
  }

  /** @param {"moved"|"lost"} status of the session, which is this client's no longer */
  #forget(status) {
    const uid = this.#session?.uid ?? "";
    this.#session = null;
    this.#tell({ status, uid });
    this.#gate.open();
  }
}
