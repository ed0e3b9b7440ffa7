// The live page: consent, then a camera or a video, read frame by frame.
import { byId, el, onFile } from "../core/dom.js";
import { ready } from "../core/ready.js";
import { session } from "../core/session.js";
import { streamClient } from "../core/stream.js";
import { t } from "../core/texts.js";
import { CameraError, cameras, facesUser, openCamera } from "../live/camera.js";
import { Consent } from "../live/consent.js";
import { FrameGrabber } from "../live/frame-grabber.js";
import { LiveView } from "../live/live-view.js";
import { Recording } from "../live/recording.js";
import { StreamError } from "../visionai-client.js";

const video = byId("video", HTMLVideoElement);
const cameraChoice = byId("camera", HTMLSelectElement);
const videoFile = byId("video-file", HTMLInputElement);
const grabber = new FrameGrabber(video);
const view = new LiveView();
const client = streamClient();
const consent = new Consent(leave);
const recording = new Recording(client, leave);
let running = false;
let source = /** @type {"camera"|"video"|null} */ (null);
let camera = /** @type {MediaStream|null} */ (null);

/** @param {string} [deviceId] */
async function startCamera(deviceId) {
  stop();
  view.curtain(null);
  try {
    camera = await openCamera(deviceId);
    camera.getVideoTracks()[0].addEventListener("ended", () => trouble("missing"));
    source = "camera";
    view.mirrored = facesUser(camera);
    video.srcObject = camera;
    await offerCameras(camera);
    await run();
  } catch (error) {
    if (!(error instanceof CameraError)) throw error;
    trouble(error.reason);
  }
}

/** @param {File} file */
async function startVideo(file) {
  stop();
  view.curtain(null);
  source = "video";
  view.mirrored = false;
  video.src = URL.createObjectURL(file);
  await run();
}

async function run() {
  await client.connect();
  try {
    await video.play();
  } catch {
    return; // The `error` event of the video says why, or a newer source took its place.
  }
  if (running || !(await beginToKeep())) return;
  running = true;
  view.running(true);
  client.start(() => grabber.grab(), frameOptions).catch(() => {}); // Closed meanwhile.
}

/** Begin a session where that was chosen; false where it cannot be had, or the source was left meanwhile. */
async function beginToKeep() {
  const wanted = source;
  if (!wanted || !consent.keeps) return wanted !== null;
  try {
    await recording.begin(wanted);
    if (!consent.keeps) await recording.end();
    return source === wanted;
  } catch (error) {
    if (!(error instanceof StreamError)) throw error;
    leave();
    view.problem(error);
    return false;
  }
}

/** What is kept is kept in a session: only that can be deleted by its receipt. */
function frameOptions() {
  const offset = source === "video" ? { offset_ms: Math.round(video.currentTime * 1000) } : {};
  return { record: consent.keeps && recording.isOn, ...offset };
}

function pause() {
  running = false;
  client.stop();
  video.pause();
  view.running(false);
}

/** Leave the source and everything shown of it. */
function stop() {
  pause();
  for (const track of camera?.getTracks() ?? []) track.stop();
  if (video.src) URL.revokeObjectURL(video.src);
  camera = null;
  video.srcObject = null;
  video.removeAttribute("src");
  video.load();
  source = null;
  view.reset();
}

/** Stop, and ask again before the next frame. */
function leave() {
  stop();
  keepNoMore();
  view.curtain("consent");
}

function keepNoMore() {
  consent.withdraw();
  recording.end();
}

/** @param {string} reason why there is no picture */
function trouble(reason) {
  if (source) keepNoMore();
  stop();
  view.trouble(t(`camera.${reason}.title`), t(`camera.${reason}.text`));
}

/** @param {MediaStream} stream */
async function offerCameras(stream) {
  const used = stream.getVideoTracks()[0].getSettings().deviceId;
  const options = (await cameras()).map(({ deviceId, label }, index) => {
    const name = label || t("camera.number", { number: index + 1 });
    return el("option", { value: deviceId, selected: deviceId === used }, name);
  });
  cameraChoice.replaceChildren(...options);
  cameraChoice.hidden = options.length < 2;
}

function toggle() {
  if (running) pause();
  else if (source && consent.answered) run();
  else if (source) leave();
  else startCamera();
}

function listen() {
  byId("agree").addEventListener("click", () => {
    consent.take();
    startCamera();
  });
  byId("trouble-again").addEventListener("click", () => (consent.answered ? startCamera() : leave()));
  byId("trouble-video").addEventListener("click", () => (consent.answered ? videoFile.click() : leave()));
  byId("agree-video").addEventListener("click", () => videoFile.click());
  // What was chosen for one source does not hold for another.
  byId("choose-video").addEventListener("click", () => (consent.keeps ? leave() : videoFile.click()));
  onFile(videoFile, (file) => {
    consent.take();
    startVideo(file);
  });
  cameraChoice.addEventListener("change", () => startCamera(cameraChoice.value));
  byId("toggle").addEventListener("click", toggle);
  byId("stop").addEventListener("click", leave);
  video.addEventListener("ended", () => {
    pause();
    if (consent.keeps) keepNoMore(); // Read again it would be kept twice.
  });
  video.addEventListener("error", () => {
    if (source === "video") trouble("unreadable");
  });
}

client.addEventListener("state", ({ detail }) => view.connection(detail));
client.addEventListener("connection", ({ detail }) => grabber.keepTo(detail.limits));
client.addEventListener("frame", ({ detail }) => view.measured(detail.rtt, detail.answer));
client.addEventListener("prediction", ({ detail }) => {
  if (source) view.prediction(detail, grabber.size);
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
