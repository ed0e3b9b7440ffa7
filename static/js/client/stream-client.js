// A client of the stream: frames one after the other, sessions across connections.
//
// It sends the next frame when the answer to the last one came, so frames never pile up and what is shown is now. It
// reconnects by itself, and goes on with its session. Without the `io` option it loads the Socket.IO client that its
// own server carries.
import { askOver } from "./ask.js";
import { StreamError } from "./failures.js";
import { FrameLoop } from "./frame-loop.js";
import { pause } from "./gate.js";
import { HeldSession } from "./held-session.js";
import { Newest } from "./newest.js";
import { ownIo } from "./own-io.js";
import { openSocket } from "./socket.js";

/**
 * @import { ClientEvents, ConnectionState, EndedSession, FrameAnswer, FrameOptions, Io } from "./types.js"
 * @import { Session, SessionOptions, Socket, StartedSession, Told, TokenSource } from "./types.js"
 */

const SESSION_GONE = new Set(["no_session", "not_found"]);

/** An EventTarget that knows what its events carry. */
const TypedEventTarget = /** @type {new () => Told & EventTarget} */ (EventTarget);

/**
 * Events (all `CustomEvent`s): `state` with a ConnectionState, `connection` with the server's limits, `prediction`,
 * `problem` with a StreamError, `stats` after `subscribe`, `frame` with `{rtt}` in milliseconds for each answer,
 * `session` with SessionNews when the session was taken up again, moved or lost.
 */
export class VisionAIClient extends TypedEventTarget {
  #options;
  #socket = /** @type {Socket|null} */ (null);
  #state = /** @type {ConnectionState} */ ("idle");
  #topics = /** @type {Set<string>} */ (new Set());
  #freshToken = false;
  #held = new HeldSession((news) => this.#tell("session", news));
  #loop = new FrameLoop({
    ready: () => this.#ready(),
    predict: (image, options) => this.predict(image, options),
    tell: (name, detail) => this.#tell(name, detail),
  });
  #offered = /** @type {Newest|null} */ (null);
  #seq = 0;

  /** @param {{url?: string, token?: TokenSource, io?: Io, timeout?: number}} [options] `timeout` of answers, in ms */
  constructor({ url = "", token = async () => null, io, timeout } = {}) {
    super();
    this.#options = { url, token, io, timeout };
  }

  /** @returns {ConnectionState} */
  get state() {
    return this.#state;
  }

  /** @returns {Session|null} what frames are recorded into; null outside of a session */
  get session() {
    return this.#held.session;
  }

  /** Connect, and stay connected until `close`. */
  async connect() {
    if (this.#socket) return;
    this.#enter("connecting");
    const io = this.#options.io ?? (await ownIo());
    const socket = openSocket(io, this.#options.url, (give) => this.#authenticate(give));
    this.#socket = socket;
    this.#listen(socket);
  }

  /** Stop sending and disconnect. */
  close() {
    this.stop();
    this.#socket?.disconnect();
    this.#socket = null;
    this.#held.end();
    this.#enter("idle");
  }

  /**
   * Connect anew with the token of now, for instance after signing in.
   * @param {boolean} [fresh] ask for another token than the one there is
   */
  reauthenticate(fresh = false) {
    if (!this.#socket) return;
    this.#freshToken = fresh;
    this.#enter("connecting");
    this.#socket.disconnect().connect();
  }

  /**
   * Have one picture read.
   *
   * An answer's `confidence` says how many people would say the same: at 0.8 eight of ten, of pictures like those the
   * network learned from; on posed, covered or dim faces it is too sure, by up to 20 points. `uncertain` is below 0.5:
   * most people would say something else. `prior` is how common each expression is taken to be.
   * @param {ArrayBuffer|Uint8Array} image an encoded picture
   * @param {FrameOptions} [options]
   * @returns {Promise<FrameAnswer>}
   * @throws {StreamError}
   */
  async predict(image, options = {}) {
    this.#seq += 1;
    return this.#ask("predict", { image, seq: this.#seq, ...options });
  }

  /**
   * Send frames one after the other until `stop`: the next when the answer to the last one is here.
   * @param {() => Promise<ArrayBuffer|Uint8Array|null>} capture the newest frame, or null where there is none to send
   * @param {FrameOptions|(() => FrameOptions)} [options] a function is asked for each frame
   */
  async start(capture, options = {}) {
    this.#offered = null;
    await this.#loop.start(capture, options);
  }

  /**
   * Send a frame when there is time for it: one is in flight, and the newest waits in the place of an older one.
   * @param {ArrayBuffer|Uint8Array} image
   * @param {FrameOptions} [options]
   * @returns {boolean} whether an older frame was given up for it
   */
  offer(image, options = {}) {
    if (!this.#offered) {
      const offered = new Newest();
      this.#offered = offered;
      this.#loop.start(offered.taken, offered.optionsOfTaken).catch((error) => this.#tell("problem", error));
    }
    return this.#offered.put(image, options);
  }

  /** Send no more frames; the connection stays. */
  stop() {
    this.#offered = null;
    this.#loop.stop();
  }

  /**
   * Begin a session, into which frames are recorded from now on; one that there is ends with it.
   * @param {SessionOptions} [options]
   * @returns {Promise<StartedSession>} with a `receipt` where the client has no token: it cannot be had again
   * @throws {StreamError}
   */
  async startSession(options = {}) {
    /** @type {StartedSession} */
    const begun = await this.#ask("session_start", options);
    this.#held.begin({ uid: begun.uid, receipt: begun.receipt ?? options.receipt });
    return begun;
  }

  /**
   * Mark a moment of the session: now, or one of `offset_ms` since it began.
   * @param {string} label
   * @param {number} [offset_ms]
   * @returns {Promise<{id: number, offset_ms: number, label: string}>}
   * @throws {StreamError}
   */
  mark(label, offset_ms) {
    return this.#ask("marker", { label, offset_ms });
  }

  /**
   * End the session.
   * @returns {Promise<EndedSession>} its summary
   * @throws {StreamError}
   */
  async endSession() {
    try {
      const ended = await this.#ask("session_end");
      this.#held.end();
      return ended;
    } catch (error) {
      if (error instanceof StreamError && SESSION_GONE.has(error.code)) this.#held.end();
      throw error;
    }
  }

  /**
   * Follow a topic, "dashboard": `stats` events come from now on, after a reconnect too.
   * @param {string} topic
   */
  async subscribe(topic) {
    const socket = await this.#ready();
    this.#topics.add(topic);
    return askOver(socket, "subscribe", [{ topic }], this.#options.timeout);
  }

  /** @param {string} topic */
  async unsubscribe(topic) {
    this.#topics.delete(topic);
    return this.#ask("unsubscribe", { topic });
  }

  /** The server's health, its emotions, its weights. */
  health() {
    return this.#ask("health");
  }

  emotions() {
    return this.#ask("emotions");
  }

  modelInfo() {
    return this.#ask("model_info");
  }

  /**
   * @param {string} event
   * @param {...unknown} payload
   */
  async #ask(event, ...payload) {
    return askOver(await this.#ready(), event, payload, this.#options.timeout);
  }

  /** @returns {Promise<Socket>} when it is connected and has its session again, or knows that it has not */
  async #ready() {
    for (;;) {
      const socket = await this.#connected();
      const { gate } = this.#held;
      await gate.opened;
      if (socket.connected && gate === this.#held.gate) return socket;
    }
  }

  /** @returns {Promise<Socket>} when it is connected */
  #connected() {
    if (this.#socket?.connected) return Promise.resolve(this.#socket);
    return new Promise((resolve, reject) => {
      const settle = () => {
        if (this.#socket && this.#state === "connected") resolve(this.#socket);
        else if (this.#state === "idle") reject(new StreamError("disconnected", "The client was closed."));
        else return;
        this.removeEventListener("state", settle);
      };
      this.addEventListener("state", settle);
      settle();
    });
  }

  /** @param {(auth: object) => void} give */
  async #authenticate(give) {
    const token = await this.#options.token(this.#freshToken).catch(() => null);
    this.#freshToken = false;
    give(token ? { token, ...this.#held.claim } : this.#held.claim);
  }

  /** @param {Socket} socket */
  #listen(socket) {
    socket.on("connect", () => {
      this.#held.connected();
      this.#enter("connected");
      this.#subscribeAgain();
    });
    socket.on("disconnect", (reason) => {
      this.#held.disconnected();
      if (reason !== "io client disconnect") this.#lost(reason === "io server disconnect");
    });
    socket.on("connect_error", () => {
      // `active` is false when the server itself refused, which it does for a token that is no longer valid.
      this.#freshToken = !socket.active;
      this.#lost(!socket.active);
    });
    socket.on("connection", (hello) => this.#tell("connection", hello));
    socket.on("stats", (stats) => this.#tell("stats", stats));
    socket.on("auth", () => this.reauthenticate(true));
    socket.on("session", (said) => this.#held.heard(said));
    // Whatever else we ask has an acknowledgement: this answers the session that we came back with.
    socket.on("error", ({ error }) => this.#held.refused(socket, error.code));
  }

  /** On a new connection the server knows of no topic. */
  #subscribeAgain() {
    for (const topic of this.#topics) this.#ask("subscribe", { topic }).catch((error) => this.#tell("problem", error));
  }

  /** @param {boolean} byServer then Socket.IO does not come back by itself */
  async #lost(byServer) {
    const socket = this.#socket;
    if (!socket) return;
    this.#enter("lost");
    if (!byServer) return;
    await pause(1000);
    if (socket === this.#socket) socket.connect();
  }

  /** @param {ConnectionState} state */
  #enter(state) {
    this.#state = state;
    this.#tell("state", state);
  }

  /**
   * @template {keyof ClientEvents} Name
   * @param {Name} name
   * @param {ClientEvents[Name]} detail
   */
  #tell(name, detail) {
    this.dispatchEvent(new CustomEvent(name, { detail }));
  }
}
