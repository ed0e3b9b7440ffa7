// The live page: consent, then a camera or a video, read frame by frame.
import { CameraError, cameras, facesUser, openCamera } from "../live/camera.js";
import { byId, el } from "../core/dom.js";
import { FrameGrabber } from "../live/frame-grabber.js";
import { LiveView } from "../live/live-view.js";
import { ready } from "../core/ready.js";
import { session } from "../core/session.js";
import { t } from "../core/texts.js";
import { VisionAIClient } from "../visionai-client.js";

const video = byId("video");
const grabber = new FrameGrabber(video);
const view = new LiveView();
const client = new VisionAIClient({ token: (again) => (again && session.user ? session.renew() : session.token()) });
let running = false;
let source = /** @type {"camera"|"video"|null} */ (null);

/** @param {string} [deviceId] */
async function startCamera(deviceId) {
  stop();
  view.curtain(null);
  try {
    const stream = await openCamera(deviceId);
    stream.getVideoTracks()[0].addEventListener("ended", () => trouble("missing"));
    source = "camera";
    view.mirrored = facesUser(stream);
    video.srcObject = stream;
    await offerCameras(stream);
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
  if (running) return;
  running = true;
  view.running(true);
  client.start(() => grabber.grab(), { record: byId("record").checked }).catch(() => {}); // Closed meanwhile.
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
  for (const track of video.srcObject?.getTracks() ?? []) track.stop();
  if (video.src) URL.revokeObjectURL(video.src);
  video.srcObject = null;
  video.removeAttribute("src");
  video.load();
  source = null;
  view.reset();
}

/** Stop, and ask again before the next frame. */
function leave() {
  stop();
  view.curtain("consent");
}

/** @param {string} reason why there is no picture */
function trouble(reason) {
  stop();
  view.trouble(t(`camera.${reason}.title`), t(`camera.${reason}.text`));
}

/** @param {MediaStream} stream */
async function offerCameras(stream) {
  const found = await cameras();
  const used = stream.getVideoTracks()[0].getSettings().deviceId;
  const choice = byId("camera");
  choice.replaceChildren(...found.map((camera, index) => el("option", { value: camera.deviceId, selected: camera.deviceId === used }, camera.label || t("camera.number", { number: index + 1 }))));
  choice.hidden = found.length < 2;
}

function chooseVideo() {
  byId("video-file").click();
}

function listen() {
  const file = byId("video-file");
  byId("agree").addEventListener("click", () => startCamera());
  byId("trouble-again").addEventListener("click", () => startCamera());
  for (const id of ["agree-video", "trouble-video", "choose-video"]) byId(id).addEventListener("click", chooseVideo);
  file.addEventListener("change", () => {
    if (file.files[0]) startVideo(file.files[0]);
    file.value = "";
  });
  byId("camera").addEventListener("change", ({ target }) => startCamera(target.value));
  byId("toggle").addEventListener("click", () => (running ? pause() : source ? run() : startCamera()));
  byId("stop").addEventListener("click", leave);
  video.addEventListener("ended", pause);
  video.addEventListener("error", () => {
    if (source === "video") trouble("unreadable");
  });
}

client.addEventListener("state", ({ detail }) => view.connection(detail));
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
