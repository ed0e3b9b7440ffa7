// The session into which a live stream is kept: begun and ended, its receipt shown, its deletion.
import { command } from "../core/api.js";
import { byId } from "../core/dom.js";
import { attempt } from "../core/failures.js";
import { toast } from "../core/shell.js";
import { counted, number, t } from "../core/texts.js";

/** @import { Session, SessionNews, StartedSession } from "../client/types.js" */
/** @import { VisionAIClient } from "../visionai-client.js" */

export class Recording {
  #client;
  #over;
  #shown = /** @type {Session|null} */ (null);

  /**
   * @param {VisionAIClient} client
   * @param {() => void} over called when the session is over without `end`: moved, lost or deleted
   */
  constructor(client, over) {
    this.#client = client;
    this.#over = over;
    client.addEventListener("session", ({ detail }) => {
      this.#heard(detail);
      if (detail.status !== "resumed") this.#over();
    });
    byId("recording-copy").addEventListener("click", () => this.#copy());
    byId("recording-delete").addEventListener("click", () => this.#remove());
  }

  /** Whether frames are kept now. */
  get isOn() {
    return this.#client.session !== null;
  }

  /**
   * Begin a session, unless there is one.
   * @param {"camera"|"video"} source
   * @throws {StreamError}
   */
  async begin(source) {
    if (this.isOn) return;
    this.#show(await this.#client.startSession({ source }));
  }

  /** End the session, if there is one; where that cannot be said, the server ends it by itself. */
  async end() {
    if (!this.isOn) return;
    const ended = await this.#client.endSession().catch(() => null);
    if (ended?.uid === this.#shown?.uid) this.#say(ended ? counted("session.ended", ended.seconds) : t("session.lost"));
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
    byId("recording").hidden = false;
    this.#say(t("session.recording"));
  }

  /** @param {SessionNews} news */
  #heard({ status, gap_ms: gap = 0 }) {
    const seconds = number(gap / 1000, 1);
    this.#say(status === "resumed" ? t("session.resumed", { seconds }) : t(`session.${status}`));
  }

  async #copy() {
    await navigator.clipboard.writeText(`${this.#shown?.uid} ${this.#shown?.receipt}`);
    toast(t("session.copied"));
  }

  /** Delete the session that is shown; where it is still being kept, that ends first. */
  async #remove() {
    if (this.isOn) {
      await this.end();
      this.#over();
    }
    const { uid, receipt } = this.#shown ?? {};
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
