// The console of the stream's guide: a plain WebSocket to this server, what was sent over it and what came.
import { byId, el, onFile } from "../core/dom.js";
import { root } from "../core/root.js";
import { number, t } from "../core/texts.js";
import { key } from "./samples.js";

/** How many messages are shown; older ones go. */
const MOST = 40;
/** `String.fromCharCode` takes so many arguments at once. */
const CHUNK = 0x8000;

/** Frames are larger than what a message takes besides, and in base64 a third larger than their bytes. */
let mostBytes = Number.POSITIVE_INFINITY;
let socket = /** @type {WebSocket|null} */ (null);

/** Let the console be used, where the page has one. */
export function letTry() {
  const place = document.getElementById("console");
  if (!place) return;
  byId("console-connect").addEventListener("click", () => (socket ? socket.close() : connect()));
  for (const button of commands()) {
    const command = button.dataset.command;
    if (command) button.addEventListener("click", () => send({ command }));
  }
  document.getElementById("console-sample")?.addEventListener("click", () => sendSample(place.dataset.sample ?? ""));
  const file = byId("console-file", HTMLInputElement);
  byId("console-choose").addEventListener("click", () => file.click());
  onFile(file, sendPicture);
}

function connect() {
  const address = `${location.protocol.replace("http", "ws")}//${location.host}${root}/ws`;
  const opened = new WebSocket(address);
  socket = opened;
  fail("");
  say(t("console.connecting"));
  byId("console-connect").textContent = t("console.disconnect");
  opened.addEventListener("open", () => {
    say(t("console.connected", { address }));
    enable(true);
  });
  opened.addEventListener("error", () => fail(t("console.failed")));
  opened.addEventListener("message", ({ data }) => receive(String(data)));
  opened.addEventListener("close", () => {
    socket = null;
    enable(false);
    say(t("console.closed"));
    byId("console-connect").textContent = t("console.connect");
  });
}

/** @param {string} data */
function receive(data) {
  const message = JSON.parse(data);
  if (message.type === "connection") mostBytes = message.limits.max_frame_bytes;
  show("console.received", message);
}

/** @param {Record<string, unknown>} message @param {Record<string, unknown>} [shown] where that is shorter */
function send(message, shown = message) {
  const token = key();
  socket?.send(JSON.stringify(token ? { ...message, token } : message));
  show("console.sent", token ? { ...shown, token: "…" } : shown);
}

/** @param {string} address */
async function sendSample(address) {
  try {
    const response = await fetch(address);
    if (!response.ok) throw new Error(response.statusText);
    await sendPicture(await response.blob());
  } catch {
    fail(t("error.offline"));
  }
}

/** @param {Blob} picture */
async function sendPicture(picture) {
  if (picture.size > mostBytes) {
    fail(t("console.large", { bytes: number(mostBytes) }));
    return;
  }
  fail("");
  const image = base64(new Uint8Array(await picture.arrayBuffer()));
  const shown = t("console.picture", { bytes: number(picture.size) });
  send({ command: "predict", image, record: false }, { command: "predict", image: shown, record: false });
}

/** @param {Uint8Array} bytes */
function base64(bytes) {
  let text = "";
  for (let at = 0; at < bytes.length; at += CHUNK) text += String.fromCharCode(...bytes.subarray(at, at + CHUNK));
  return btoa(text);
}

/** @param {"console.sent"|"console.received"} way @param {unknown} message */
function show(way, message) {
  const log = byId("console-log");
  log.prepend(el("li", {}, el("strong", {}, t(way)), el("pre", {}, JSON.stringify(message, null, 1))));
  while (log.children.length > MOST) log.lastElementChild?.remove();
}

function commands() {
  return /** @type {NodeListOf<HTMLButtonElement>} */ (
    document.querySelectorAll("#console-sample, #console-choose, #console [data-command]")
  );
}

/** @param {boolean} on */
function enable(on) {
  for (const button of commands()) button.disabled = !on;
}

/** @param {string} text */
function say(text) {
  byId("console-state").textContent = text;
}

/** @param {string} text "" takes away what was said */
function fail(text) {
  byId("console-failed").hidden = !text;
  byId("console-failed-text").textContent = text;
}
