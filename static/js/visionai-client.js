// A client of VisionAI's stream, for these pages and for yours.
//
//   import { VisionAIClient } from "https://your.server/static/js/visionai-client.js";
//   const client = new VisionAIClient({ url: "https://your.server" });
//   client.addEventListener("prediction", ({ detail }) => console.log(detail.emotion_name));
//   await client.connect();
//   client.start(async () => (await nextFrameAsJpegBlob()).arrayBuffer());
//
// It sends the next frame when the answer to the last one came, so frames never pile up and what is shown is now.
//
//   const { uid, receipt } = await client.startSession({ title: "Interview", participant: "P-07" });
//   await client.mark("question 3");
//   const summary = await client.endSession();
//
// Frames in between are recorded into that session. The receipt, which only those without a token get, is kept in
// memory alone: whoever wants to read or delete the session later keeps it themselves.
// It reconnects by itself, and goes on with its session. Without the `io` option it loads the Socket.IO client that its
// own server carries.

const ANSWER_TIMEOUT = 10_000;
const BUSY_PAUSE = 250;
/** How long the server keeps a session whose client is away, and how long to wait before it is asked for again. */
const SESSION_PATIENCE = 60_000;
const SESSION_PAUSE = 1000;
/** A session that was lost with its token is told of just before the token is. */
const TOKEN_PAUSE = 300;
const SESSION_GONE = new Set(["no_session", "not_found"]);
/** Codes of the server after which a session will not be had by asking again. */
const SESSION_OVER = new Set(["not_found", "session_ended", "validation_failed", "invalid_token", "token_expired"]);

/**
 * @typedef {(again: boolean) => Promise<string|null>} TokenSource gives an access token, a new one when `again`
 * @typedef {"idle"|"connecting"|"connected"|"lost"} ConnectionState
 * @typedef {{detect?: boolean, record?: boolean, prior?: "even"|"typical", offset_ms?: number}} FrameOptions
 *   `offset_ms` in a session of a video: the video's own time
 * @typedef {"angry"|"disgust"|"fear"|"happy"|"neutral"|"sad"|"surprise"} Emotion
 * @typedef {Record<Emotion, number>} Scores of 0 to 1, about 1 in all
 * @typedef {{x: number, y: number, width: number, height: number}} Box in pixels of the picture that was sent
 * @typedef {{box: Box, emotion_name: Emotion, confidence: number, uncertain: boolean, scores: Scores,
 *   track_id?: number, person?: number|null, smoothed?: {emotion_name: Emotion, scores: Scores}}} Face `smoothed` over
 *   the frames of a stream; `person` is their number in the session
 * @typedef {{status: "success"|"no_face"|"dropped"|"busy", faces: Face[], processing_time_ms: number|null,
 *   emotion_name: Emotion|null, confidence: number|null, uncertain: boolean|null, retry_after_ms?: number}} FrameAnswer
 * @typedef {{max_frame_bytes: number, max_pixels: number, max_fps: number}} Limits
 * @typedef {{state: ConnectionState, connection: {user: string|null, limits: Limits}, prediction: FrameAnswer,
 *   problem: StreamError, stats: unknown, frame: {rtt: number, answer: FrameAnswer},
 *   session: SessionNews}} ClientEvents
 * @typedef {import("socket.io-client").Socket} Socket
 * @typedef {typeof import("socket.io-client").io} Io
 */

/**
 * @typedef {{title?: string, participant?: string, notes?: string, source?: "camera"|"video", session?: string,
 *   receipt?: string}} SessionOptions `session`, with its `receipt` if it has one: go on with that one
 * @typedef {{uid: string, receipt?: string}} Session
 * @typedef {Session & {status: string, started_at: string, title: string|null, participant: string|null,
 *   source: string, resumed: boolean}} StartedSession
 * @typedef {{person: number, label: string|null, seconds: number, shares: Scores|null}} Person
 * @typedef {Omit<StartedSession, "resumed"> & {seconds: number, frames: number, people: Person[],
 *   gaps: [number, number][]}} EndedSession `gaps` in milliseconds since the start
 * @typedef {{status: "resumed"|"moved"|"lost", uid: string, gap_ms?: number}} SessionNews `resumed` after the
 *   connection was away for `gap_ms`; `moved` to another connection; `lost` for good; after these two it is over here
 */

/**
 * @typedef {{addEventListener<Name extends keyof ClientEvents>(name: Name,
 *   listener: (event: CustomEvent<ClientEvents[Name]>) => void, options?: AddEventListenerOptions): void}} Told
 */

/** An EventTarget that knows what its events carry. */
const TypedEventTarget = /** @type {new () => Told & EventTarget} */ (EventTarget);

/** Beside this file, on the server that it came from. A name and no literal: type checks have npm's own types. */
const SOCKET_IO = /** @type {string} */ ("../vendor/socket.io.js");

/** A failure that the server named: `code` is one of the API's, or "timeout" and "disconnected" of our own. */
export class StreamError extends Error {
  /**
   * @param {string} code
   * @param {string} message
   */
  constructor(code, message) {
    super(message);
    this.code = code;
  }
}

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
  #session = /** @type {Session|null} */ (null);
  #lostAt = 0;
  #gate = openGate();
  #seq = 0;
  #turn = 0;

  /** @param {{url?: string, token?: TokenSource, io?: Io}} [options] */
  constructor({ url = "", token = async () => null, io } = {}) {
    super();
    this.#options = { url, token, io };
  }

  /** @returns {ConnectionState} */
  get state() {
    return this.#state;
  }

  /** @returns {Session|null} what frames are recorded into; null outside of a session */
  get session() {
    return this.#session;
  }

  /** Connect, and stay connected until `close`. */
  async connect() {
    if (this.#socket) return;
    this.#enter("connecting");
    const io = this.#options.io ?? (await ownIo());
    const socket = io(`${this.#options.url}/stream`, {
      transports: ["websocket"],
      auth: (give) => this.#authenticate(give),
      reconnectionDelay: 400,
      reconnectionDelayMax: 3000,
    });
    this.#socket = socket;
    this.#listen(socket);
  }

  /** Stop sending and disconnect. */
  close() {
    this.stop();
    this.#socket?.disconnect();
    this.#socket = null;
    this.#session = null;
    this.#gate.open();
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
   * @param {() => Promise<ArrayBuffer|null>} capture the newest frame, or null where there is none to send
   * @param {FrameOptions|(() => FrameOptions)} [options] a function is asked for each frame
   */
  async start(capture, options = {}) {
    this.#turn += 1;
    const turn = this.#turn;
    while (turn === this.#turn) {
      await this.#ready();
      const image = await capture();
      if (turn !== this.#turn) return;
      if (image) await this.#exchange(image, typeof options === "function" ? options() : options);
    }
  }

  /** Send no more frames; the connection stays. */
  stop() {
    this.#turn += 1;
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
    this.#session = { uid: begun.uid, receipt: begun.receipt ?? options.receipt };
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
      this.#session = null;
      return ended;
    } catch (error) {
      if (error instanceof StreamError && SESSION_GONE.has(error.code)) this.#session = null;
      throw error;
    }
  }

  /**
   * Follow a topic, "dashboard": `stats` events come from now on, after a reconnect too.
   * @param {string} topic
   */
  async subscribe(topic) {
    this.#topics.add(topic);
    return this.#ask("subscribe", { topic });
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
   * @param {ArrayBuffer} image
   * @param {FrameOptions} options
   */
  async #exchange(image, options) {
    const sent = performance.now();
    try {
      const answer = await this.predict(image, options);
      this.#tell("frame", { rtt: performance.now() - sent, answer });
      if (answer.status === "busy") await pause(answer.retry_after_ms ?? BUSY_PAUSE);
      else if (answer.status !== "dropped") this.#tell("prediction", answer);
    } catch (error) {
      if (!(error instanceof StreamError)) throw error;
      this.#tell("problem", error);
      await pause(BUSY_PAUSE);
    }
  }

  /**
   * @param {string} event
   * @param {...unknown} payload
   */
  async #ask(event, ...payload) {
    return askOver(await this.#ready(), event, payload);
  }

  /** @returns {Promise<Socket>} when it is connected and has its session again, or knows that it has not */
  async #ready() {
    for (;;) {
      const socket = await this.#connected();
      const gate = this.#gate;
      await gate.opened;
      if (socket.connected && gate === this.#gate) return socket;
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
    const claim = this.#session ? { session: this.#session.uid, receipt: this.#session.receipt } : {};
    give(token ? { token, ...claim } : claim);
  }

  /** @param {Socket} socket */
  #listen(socket) {
    socket.on("connect", () => {
      if (this.#session) this.#gate = closedGate();
      this.#enter("connected");
    });
    socket.on("disconnect", (reason) => {
      this.#lostAt = Date.now();
      this.#gate.open();
      if (reason !== "io client disconnect") this.#lost(reason === "io server disconnect");
    });
    socket.on("connect_error", () => {
      // `active` is false when the server itself refused, which it does for a token that is no longer valid.
      this.#freshToken = !socket.active;
      this.#lost(!socket.active);
    });
    socket.on("connection", (hello) => this.#welcomed(hello));
    socket.on("stats", (stats) => this.#tell("stats", stats));
    socket.on("auth", () => this.reauthenticate(true));
    socket.on("session", (said) => (said.resumed ? this.#resumed(said) : this.#taken(said)));
    // Whatever else we ask has an acknowledgement: this answers the session that we came back with.
    socket.on("error", ({ error }) => this.#refused(socket, error.code));
  }

  /** @param {StartedSession} said */
  #resumed({ uid }) {
    this.#tell("session", { status: "resumed", uid, gap_ms: Date.now() - this.#lostAt });
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

  /**
   * Ask again for a session that cannot be had just now, as long as the server keeps it.
   * @param {Socket} socket
   * @param {string} code why it was refused
   */
  async #refused(socket, code) {
    const { uid: session, receipt } = this.#session ?? {};
    if (!session || this.#gate.isOpen) return;
    if (SESSION_OVER.has(code) || Date.now() - this.#lostAt > SESSION_PATIENCE) {
      this.#forget("lost");
      return;
    }
    const gate = this.#gate;
    await pause(SESSION_PAUSE);
    if (gate.isOpen) return;
    await askOver(socket, "session_start", [{ session, receipt }]).then(
      (said) => this.#resumed(said),
      (error) => this.#refused(socket, error.code),
    );
  }

  /** @param {"moved"|"lost"} status of the session, which is this client's no longer */
  #forget(status) {
    const uid = this.#session?.uid ?? "";
    this.#session = null;
    this.#tell("session", { status, uid });
    this.#gate.open();
  }

  /** @param {ClientEvents["connection"]} hello */
  #welcomed(hello) {
    this.#tell("connection", hello);
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

/** @returns {Promise<Io>} the client of Socket.IO that the server carries */
async function ownIo() {
  return (await import(SOCKET_IO)).io;
}

/**
 * @param {Socket} socket
 * @param {string} event
 * @param {unknown[]} payload
 */
async function askOver(socket, event, payload) {
  const asked = socket.timeout(ANSWER_TIMEOUT).emitWithAck(event, ...payload);
  const answer = await asked.catch((/** @type {Error} */ error) => {
    throw new StreamError("timeout", error.message);
  });
  if (answer?.status === "error") throw new StreamError(answer.error.code, answer.message);
  return answer;
}

/** What to wait at until it is opened. */
function closedGate() {
  let pass = () => {};
  /** @type {Promise<void>} */
  const opened = new Promise((resolve) => {
    pass = resolve;
  });
  const gate = {
    opened,
    isOpen: false,
    open() {
      gate.isOpen = true;
      pass();
    },
  };
  return gate;
}

function openGate() {
  const gate = closedGate();
  gate.open();
  return gate;
}

/** @param {number} milliseconds */
function pause(milliseconds) {
  return new Promise((resolve) => {
    setTimeout(resolve, milliseconds);
  });
}
