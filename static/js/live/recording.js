// The session into which a live stream is kept: begun and ended, its receipt shown, its deletion.
import { command } from "../core/api.js";
import { confirmed } from "../core/dialog.js";
import { byId } from "../core/dom.js";
import { attempt } from "../core/failures.js";
import { root } from "../core/root.js";
import { toast } from "../core/shell.js";
import { counted, number, t } from "../core/texts.js";

/** @import { EndedSession, Session, SessionNews, SessionOptions, StartedSession } from "../client/types.js" */
/** @import { VisionAIClient } from "../visionai-client.js" */

export class Recording {
  #client;
  #over;
  #shown = /** @type {Session|null} */ (null);

  /**
   * @param {VisionAIClient} client
   * @param {() => void} over called when the session is over here: moved, lost, kept for good or deleted
   */
  constructor(client, over) {
    this.#client = client;
    this.#over = over;
    client.addEventListener("session", ({ detail }) => {
      this.#heard(detail);
      if (detail.status !== "resumed") this.#over();
    });
    byId("recording-copy").addEventListener("click", () => this.#copy());
    byId("recording-keep").addEventListener("click", () => this.#keep());
    byId("recording-delete").addEventListener("click", () => this.#remove());
  }

  /** Whether frames are kept now. */
  get isOn() {
    return this.#client.session !== null;
  }

  /** The session that is kept now or was kept last; null without one. */
  get session() {
    return this.#shown;
  }

  /**
   * Begin a session, unless there is one.
   * @param {SessionOptions} options
   * @throws {StreamError}
   */
  async begin(options) {
    if (this.isOn) return;
    this.#show(await this.#client.startSession(options));
  }

  /**
   * Mark a moment of the session.
   * @param {string} label
   * @param {number} offset_ms
   * @throws {StreamError}
   */
  async mark(label, offset_ms) {
    await this.#client.mark(label, Math.max(0, Math.round(offset_ms)));
  }

  /**
   * End the session, if there is one; where that cannot be said, the server ends it by itself.
   * @returns {Promise<EndedSession|null>}
   */
  async end() {
    byId("keeping").hidden = true;
    if (!this.isOn) return null;
    const ended = await this.#client.endSession().catch(() => null);
    if (this.#shown && (ended === null || ended.uid === this.#shown.uid)) this.#ended(ended);
    return ended;
  }

  /** @param {StartedSession} begun */
  #show({ uid, receipt }) {
    this.#shown = { uid, receipt };
    byId("recording-uid").textContent = uid;
    byId("recording-receipt").textContent = receipt ?? "";
    byId("recording-receipt-row").hidden = !receipt;
    byId("recording-advice").hidden = !receipt;
    byId("recording-copy").hidden = !receipt;
    byId("recording-own").hidden = Boolean(receipt);
    byId("recording-link", HTMLAnchorElement).href = `${root}/sessions/${encodeURIComponent(uid)}`;
    byId("recording-keep").hidden = true;
    byId("recording").hidden = false;
    byId("keeping").hidden = false;
    this.#say(t("session.recording"));
  }

  /** @param {EndedSession|null} ended */
  #ended(ended) {
    byId("recording-keep").hidden = false;
    this.#say(ended ? counted("session.ended", ended.seconds) : t("session.lost"));
  }

  /** @param {SessionNews} news */
  #heard({ status, gap_ms: gap = 0 }) {
    const seconds = number(gap / 1000, 1);
    if (status !== "resumed") byId("keeping").hidden = true;
    this.#say(status === "resumed" ? t("session.resumed", { seconds }) : t(`session.${status}`));
  }

  async #copy() {
    await navigator.clipboard.writeText(`${this.#shown?.uid} ${this.#shown?.receipt}`);
    toast(t("session.copied"));
  }

  #keep() {
    byId("recording").hidden = true;
    toast(t("session.kept"));
    this.#over();
  }

  /** Delete the session that is shown, if that is meant; where it is still being kept, that ends first. */
  async #remove() {
    if (!(await confirmed(byId("delete-dialog", HTMLDialogElement)))) return;
    const { uid, receipt } = this.#shown ?? {};
    await this.end();
    this.#over();
    await attempt(
      async () => {
        await command(`/sessions/${uid}`, { method: "DELETE", receipt });
        byId("recording").hidden = true;
        toast(t("session.deleted"));
      },
      (error) => toast(error.message),
    );
  }

  /** @param {string} text */
  #say(text) {
    byId("recording-state").textContent = text;
  }
}
