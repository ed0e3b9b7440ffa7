// Full screen for the board, and the picture in a window of its own, where the browser has them.
import { byId } from "../core/dom.js";
import { t } from "../core/texts.js";

const board = byId("live");
const video = byId("video", HTMLVideoElement);
const full = byId("full", HTMLButtonElement);

/** Whether the picture is in a window of its own, and plays on while the page is hidden. */
export function isInWindow() {
  return document.pictureInPictureElement === video;
}

/** Fill the screen with the board, or no longer. */
export async function toggleFullScreen() {
  if (full.hidden) return;
  if (document.fullscreenElement) await document.exitFullscreen();
  else await board.requestFullscreen().catch(() => {}); // The browser may refuse.
}

async function toggleWindow() {
  if (isInWindow()) await document.exitPictureInPicture();
  else await video.requestPictureInPicture().catch(() => {}); // There may be no picture yet.
}

/** Show the buttons of what the browser has. */
export function startScreenTools() {
  full.hidden = !document.fullscreenEnabled;
  full.addEventListener("click", toggleFullScreen);
  document.addEventListener("fullscreenchange", () => {
    full.title = t(document.fullscreenElement ? "screen.less" : "screen.full");
    full.setAttribute("aria-label", full.title);
  });
  const button = byId("window", HTMLButtonElement);
  button.hidden = !document.pictureInPictureEnabled;
  button.addEventListener("click", toggleWindow);
}
