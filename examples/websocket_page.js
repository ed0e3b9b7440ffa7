/**
 * What the two test pages share: a connection to `/ws`, a log of what was said, and frames of a camera.
 * Plain WebSocket, no library.
 */

const LOG_LINES = 200;
const FRAME_WIDTH = 640;
// What the server sends without being asked.
const PUSHED = new Set(["connection", "auth", "stats"]);

/** @returns {HTMLElement} the element with that id */
export const by = (id) => document.getElementById(id);

/** The server of this page, or the usual one where the page was opened from a file. */
export const httpBase = () => (location.protocol.startsWith("http") ? location.origin : "http://localhost:8000");

/** @returns {string} the address of `/ws` there */
export const socketUrl = () => `${httpBase().replace(/^http/, "ws")}/ws`;

/** Write a line into the log; long texts, such as pictures, are cut. */
export function say(direction, text) {
  const log = by("log");
  log.append(`${new Date().toLocaleTimeString()} ${direction} ${text.slice(0, 600)}\n`);
  while (log.childNodes.length > LOG_LINES) log.firstChild.remove();
  log.scrollTop = log.scrollHeight;
}

/** A connection that gives each question its answer, in turn. */
export class Connection {
  #socket;
  #waiting = [];

  /** @param {string} url @param {() => void} closed called when the connection ends */
  constructor(url, closed) {
    this.#socket = new WebSocket(url);
    this.opened = new Promise((resolve, reject) => {
      this.#socket.onopen = resolve;
      this.#socket.onerror = () => reject(new Error(`No connection to ${url}`));
    });
    this.#socket.onmessage = ({ data }) => this.#received(data);
    this.#socket.onclose = ({ code, reason }) => {
      say("·", `closed ${code} ${reason}`);
      for (const { reject } of this.#waiting.splice(0)) reject(new Error("The connection was closed."));
      closed();
    };
  }

  /** @param {object} message @returns {Promise<object>} the answer */
  ask(message) {
    const text = JSON.stringify(message);
    say("→", text);
    return this.#send(text);
  }

  /** @param {Blob} picture sent as a binary message @returns {Promise<object>} the answer */
  predict(picture) {
    say("→", `${picture.size} bytes`);
    return this.#send(picture);
  }

  close() {
    this.#socket.close();
  }

  #send(data) {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ resolve, reject });
      this.#socket.send(data);
    });
  }

  #received(text) {
    say("←", text);
    const message = JSON.parse(text);
    if (!PUSHED.has(message.type)) this.#waiting.shift()?.resolve(message);
  }
}

/** Show an answer in a line. */
export function show(answer) {
  const { status } = answer;
  by("answer").textContent =
    status === "success"
      ? `${answer.emotion_name} ${Math.round(answer.confidence * 100)} %${answer.user ? ` (${answer.user})` : ""}`
      : (answer.message ?? status);
}

/** @param {Blob} blob @returns {Promise<string>} the picture as a data URL */
export const dataUrl = (blob) =>
  new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => resolve(reader.result);
    reader.onerror = () => reject(reader.error);
    reader.readAsDataURL(blob);
  });

/**
 * Send a camera's frames, the next one when the last one was answered, until the returned function is called.
 * @param {(frame: Blob) => Promise<object>} predict
 */
export async function stream(predict) {
  const video = by("video");
  const camera = await navigator.mediaDevices.getUserMedia({ video: { width: FRAME_WIDTH } });
  let running = true;
  video.srcObject = camera;
  await video.play();
  const canvas = new OffscreenCanvas(FRAME_WIDTH, Math.round((FRAME_WIDTH * video.videoHeight) / video.videoWidth));
  const context = canvas.getContext("2d");
  const loop = async () => {
    while (running) {
      context.drawImage(video, 0, 0, canvas.width, canvas.height);
      show(await predict(await canvas.convertToBlob({ type: "image/jpeg", quality: 0.8 })));
    }
  };
  loop().catch((error) => say("!", error.message));
  return () => {
    running = false;
    for (const track of camera.getTracks()) track.stop();
  };
}
