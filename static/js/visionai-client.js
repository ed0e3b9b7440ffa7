// A client of VisionAI's stream, for these pages and for yours.
//
//   import { VisionAIClient } from "https://your.server/static/js/visionai-client.js";
//   const client = new VisionAIClient({ url: "https://your.server" });
//   client.addEventListener("prediction", ({ detail }) => console.log(detail.emotion_name));
//   await client.connect();
//   client.start(async () => (await nextFrameAsJpegBlob()).arrayBuffer());
//
// It sends the next frame when the answer to the last one came, so frames never pile up and what is shown is now.
// It reconnects by itself. Without the `io` option it loads the Socket.IO client that its own server carries.

const ANSWER_TIMEOUT = 10_000;
const BUSY_PAUSE = 250;

/**
 * @typedef {(again: boolean) => Promise<string|null>} TokenSource gives an access token, a new one when `again`
 * @typedef {"idle"|"connecting"|"connected"|"lost"} ConnectionState
 * @typedef {{detect?: boolean, record?: boolean, prior?: "even"|"typical"}} FrameOptions
 */

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
 * `problem` with a StreamError, `stats` after `subscribe`, `frame` with `{rtt}` in milliseconds for each answer.
 */
export class VisionAIClient extends EventTarget {
  #options;
  #socket = /** @type {any} */ (null);
  #state = /** @type {ConnectionState} */ ("idle");
  #topics = new Set();
  #freshToken = false;
  #seq = 0;
  #turn = 0;

  /** @param {{url?: string, token?: TokenSource, io?: any}} [options] */
  constructor(options = {}) {
    super();
    this.#options = { url: "", token: async () => null, ...options };
  }

  /** @returns {ConnectionState} */
  get state() {
    return this.#state;
  }

  /** Connect, and stay connected until `close`. */
  async connect() {
    if (this.#socket) return;
    this.#enter("connecting");
    const io = this.#options.io ?? (await import("../vendor/socket.io.js")).io;
    this.#socket = io(`${this.#options.url}/stream`, {
      transports: ["websocket"],
      auth: (give) => this.#authenticate(give),
      reconnectionDelay: 400,
      reconnectionDelayMax: 3000,
    });
    this.#listen(this.#socket);
  }

  /** Stop sending and disconnect. */
  close() {
    this.stop();
    this.#socket?.disconnect();
    this.#socket = null;
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
   * @returns {Promise<any>} the answer, whose `status` is success, no_face, dropped or busy
   * @throws {StreamError}
   */
  async predict(image, options = {}) {
    this.#seq += 1;
    return this.#ask("predict", { image, seq: this.#seq, ...options });
  }

  /**
   * Send frames one after the other until `stop`: the next when the answer to the last one is here.
   * @param {() => Promise<ArrayBuffer|null>} capture the newest frame, or null where there is none to send
   * @param {FrameOptions} [options]
   */
  async start(capture, options = {}) {
    this.#turn += 1;
    const turn = this.#turn;
    while (turn === this.#turn) {
      await this.#connected();
      const image = await capture();
      if (turn !== this.#turn) return;
      if (image) await this.#exchange(image, options);
    }
  }

  /** Send no more frames; the connection stays. */
  stop() {
    this.#turn += 1;
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

  async #ask(event, ...payload) {
    await this.#connected();
    const answer = await this.#socket.timeout(ANSWER_TIMEOUT).emitWithAck(event, ...payload).catch((error) => {
      throw new StreamError("timeout", error.message);
    });
    if (answer?.status === "error") throw new StreamError(answer.error.code, answer.message);
    return answer;
  }

  #connected() {
    if (this.#socket?.connected) return Promise.resolve();
    return new Promise((resolve, reject) => {
      const settle = () => {
        if (this.#state === "connected") resolve(undefined);
        else if (this.#state === "idle") reject(new StreamError("disconnected", "The client was closed."));
        else return;
        this.removeEventListener("state", settle);
      };
      this.addEventListener("state", settle);
      settle();
    });
  }

  async #authenticate(give) {
    const token = await this.#options.token(this.#freshToken).catch(() => null);
    this.#freshToken = false;
    give(token ? { token } : {});
  }

  #listen(socket) {
    socket.on("connect", () => this.#enter("connected"));
    socket.on("disconnect", (reason) => {
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
  }

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

  #enter(state) {
    this.#state = state;
    this.#tell("state", state);
  }

  #tell(name, detail) {
    this.dispatchEvent(new CustomEvent(name, { detail }));
  }
}

/** @param {number} milliseconds */
function pause(milliseconds) {
  return new Promise((resolve) => {
    setTimeout(resolve, milliseconds);
  });
}
