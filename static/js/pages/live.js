// The live page: consent, then a camera or a video, read frame by frame, and at the end what it came to.
import { StreamError } from "../client/failures.js";
import { byId, onFile, showOnly } from "../core/dom.js";
import { ready } from "../core/ready.js";
import { session } from "../core/session.js";
import { toast } from "../core/shell.js";
import { streamClient } from "../core/stream.js";
import { t } from "../core/texts.js";
import { CameraError } from "../live/camera.js";
import { CameraChoice } from "../live/camera-choice.js";
import { Consent } from "../live/consent.js";
import { Ending } from "../live/ending.js";
import { keepFocus } from "../live/focus.js";
import { LiveView } from "../live/live-view.js";
import { MarkForm } from "../live/mark-form.js";
import { Pace } from "../live/pace.js";
import { Recording } from "../live/recording.js";
import { Run } from "../live/run.js";
import { startScreenTools, toggleFullScreen } from "../live/screen-tools.js";
import { startShortcuts } from "../live/shortcuts.js";
import { Sleep } from "../live/sleep.js";
import { Source } from "../live/source.js";
import { WakeLock } from "../live/wake-lock.js";

const toggleButton = byId("toggle", HTMLButtonElement);
const stopButton = byId("stop", HTMLButtonElement);
const videoButton = byId("choose-video", HTMLButtonElement);
const videoFile = byId("video-file", HTMLInputElement);
const toggleParts = { paused: byId("toggle-paused"), running: byId("toggle-running") };

const source = new Source(byId("video", HTMLVideoElement));
const run = new Run();
const view = new LiveView(run, source);
const client = streamClient();
const consent = new Consent(leave);
const recording = new Recording(client, leave);
const ending = new Ending(run, recording);
const choice = new CameraChoice();
const marks = new MarkForm(() => source.now, mark);
const pace = new Pace();
const sleep = new Sleep(source);
const wakeLock = new WakeLock();
let isReading = false;
/** The run's time when the frame that is away was taken. */
let sentAt = 0;
/** What the first button of the trouble that is shown does. */
let again = () => {};
/** The camera that is waited for. */
let missing = /** @type {string|undefined} */ (undefined);

/** @param {string} [deviceId] */
async function startCamera(deviceId) {
  pause();
  show("live");
  try {
    await source.openCamera(deviceId);
  } catch (error) {
    if (!(error instanceof CameraError)) throw error;
    cameraTrouble(run.isOn && error.reason === "missing" ? "gone" : error.reason, deviceId);
    return;
  }
  view.stage.mirrored = source.isMirrored;
  await choice.offer(source.deviceId);
  await start();
}

/** @param {File} file */
async function startVideo(file) {
  forget();
  show("live");
  source.openVideo(file);
  view.stage.mirrored = false;
  await choice.offer(undefined);
  await start();
}

async function start() {
  const { kind } = source;
  await client.connect();
  if (!(await source.play()) || isReading || !(await beginToKeep()) || kind !== source.kind) return;
  if (!run.isOn) source.begin();
  setReading(true);
  pace.begin(performance.now());
  client.start(() => source.grab(pace.rest(performance.now())), frameOptions).catch(() => {}); // Closed meanwhile.
}

/** Begin a session where that was chosen; false where it cannot be had, or the source was left meanwhile. */
async function beginToKeep() {
  const { kind } = source;
  if (!kind || !consent.keeps) return kind !== null;
  try {
    await recording.begin({ source: kind, ...consent.names });
    if (!consent.keeps) await recording.end();
    return source.kind === kind;
  } catch (error) {
    if (!(error instanceof StreamError)) throw error;
    leave();
    view.problem(error);
    return false;
  }
}

/** What is kept is kept in a session: only that can be deleted by its receipt. */
function frameOptions() {
  sentAt = source.now;
  const offset = source.kind === "video" ? { offset_ms: Math.round(sentAt) } : {};
  return { record: consent.keeps && recording.isOn, ...offset };
}

function pause() {
  client.stop();
  source.pause();
  setReading(false);
}

/** @param {boolean} on whether frames are being read */
function setReading(on) {
  isReading = on;
  view.isReading = on;
  sleep.isReading = on;
  wakeLock.want(on);
  showOnly(toggleParts, on ? "running" : "paused");
  if (on) for (const button of [toggleButton, stopButton, videoButton]) button.disabled = false;
  if (on) marks.isUsable = true;
}

/** @param {"asking"|"live"|"over"} state what the page is about */
function show(state) {
  view.state = state;
  view.stage.curtain(state === "asking" ? "consent" : null);
  if (state !== "live") for (const button of [toggleButton, stopButton, videoButton]) button.disabled = true;
  missing = undefined;
  if (state === "over") return;
  ending.hide();
  keepFocus(byId(state === "asking" ? "consent" : "screen"));
}

/** Leave the source and everything that is known of it. */
function forget() {
  pause();
  source.close();
  run.clear();
  marks.reset();
  view.reset();
}

/** Leave without a summary, and ask again before the next frame. */
function leave() {
  forget();
  consent.withdraw();
  recording.end();
  show("asking");
}

/** End the run and sum it up. */
async function finish() {
  if (!run.isOn) return leave();
  pause();
  const outcome = ending.outcome(source.now);
  show("over");
  source.close();
  consent.withdraw();
  await ending.show(outcome);
}

/**
 * @param {string} reason why there is no picture of a camera
 * @param {string} [deviceId] the one that is wanted
 */
function cameraTrouble(reason, deviceId) {
  again = () => startCamera(deviceId);
  const isGone = reason === "gone" || reason === "back";
  tellTrouble(reason, { again: t(isGone ? "trouble.resume" : "trouble.again"), byVideo: !run.isOn, canStop: run.isOn });
  missing = isGone ? deviceId : undefined;
}

/** The camera was pulled out, or taken away: what was seen stays, and it goes on when it is back. */
function cameraGone() {
  pause();
  cameraTrouble("gone", source.deviceId);
}

function videoTrouble() {
  forget();
  again = () => videoFile.click();
  tellTrouble("unreadable", { again: t("trouble.another"), byVideo: false });
}

/**
 * @param {string} reason
 * @param {{again: string, byVideo?: boolean, canStop?: boolean}} how
 */
function tellTrouble(reason, how) {
  show("live");
  for (const button of [toggleButton, stopButton, videoButton]) button.disabled = true;
  view.stage.trouble({ title: t(`camera.${reason}.title`), text: t(`camera.${reason}.text`), ...how });
}

/**
 * @param {string} label
 * @param {number} at
 */
async function mark(label, at) {
  run.mark(at, label);
  try {
    if (recording.isOn) await recording.mark(label, at);
    toast(t("mark.saved", { label }));
  } catch (error) {
    if (!(error instanceof StreamError)) throw error;
    toast(error.message);
  }
}

function toggle() {
  if (toggleButton.disabled) return;
  if (isReading) pause();
  else start();
}

function listen() {
  byId("agree").addEventListener("click", () => {
    consent.take();
    startCamera();
  });
  byId("trouble-again").addEventListener("click", () => (consent.answered ? again() : leave()));
  byId("trouble-video").addEventListener("click", () => (consent.answered ? videoFile.click() : leave()));
  byId("trouble-stop").addEventListener("click", finish);
  byId("agree-video").addEventListener("click", () => videoFile.click());
  // What was chosen for one source does not hold for another.
  videoButton.addEventListener("click", () => (consent.keeps ? leave() : videoFile.click()));
  onFile(videoFile, (file) => {
    consent.take();
    startVideo(file);
  });
  choice.addEventListener("choose", (event) => startCamera(/** @type {CustomEvent<string>} */ (event).detail));
  choice.addEventListener("change", () => {
    if (missing) cameraTrouble(choice.has(missing) ? "back" : "gone", missing);
  });
  toggleButton.addEventListener("click", toggle);
  stopButton.addEventListener("click", finish);
  byId("again").addEventListener("click", leave);
  source.addEventListener("gone", cameraGone);
  source.addEventListener("over", finish);
  source.addEventListener("unreadable", videoTrouble);
  sleep.addEventListener("change", () => {
    view.isAsleep = sleep.isOn;
    view.stage.asleep(sleep.text);
  });
  startShortcuts({ " ": toggle, m: () => marks.open(), f: toggleFullScreen });
  startScreenTools();
}

client.addEventListener("state", ({ detail }) => {
  view.connection = detail;
});
client.addEventListener("connection", ({ detail }) => {
  source.keepTo(detail.limits);
  run.people.reconnected();
  view.reconnected();
});
client.addEventListener("frame", ({ detail }) => view.measured(detail.rtt, detail.answer));
client.addEventListener("prediction", ({ detail: { faces } }) => {
  if (!isReading) return;
  pace.answered(faces.length, performance.now());
  view.show(faces, run.read(faces, sentAt));
});
client.addEventListener("problem", ({ detail }) => view.problem(detail));
session.addEventListener("renew", () => {
  if (client.state === "connected") client.reauthenticate();
});
addEventListener("pagehide", () => {
  leave(); // Shown again by going back, it asks again.
  client.close();
});
listen();
ready();
