// Pictures and videos that come in: dropped, pasted or chosen.
import { byId } from "../core/dom.js";

/** Where the browser names no type: by the end of the name. */
const VIDEO = /\.(mp4|m4v|mov|webm|mkv|avi|ogv)$/i;

/**
 * Whether a file is a video, as far as its type and name tell.
 * @param {File} file
 */
export function isVideo({ type, name }) {
  return type.startsWith("video/") || (!type && VIDEO.test(name));
}

/**
 * Take files that are chosen, dropped anywhere on the page or pasted.
 * @param {HTMLInputElement} input
 * @param {(files: File[]) => void} take called with at least one
 */
export function takeFiles(input, take) {
  /** @param {FileList|null|undefined} list */
  const some = (list) => {
    const files = [...(list ?? [])];
    if (files.length) take(files);
  };
  input.addEventListener("change", () => {
    some(input.files);
    input.value = "";
  });
  addEventListener("paste", (event) => some(event.clipboardData?.files));
  takeDrops((event) => some(event.dataTransfer?.files));
}

/** @param {(event: DragEvent) => void} drop */
function takeDrops(drop) {
  const stage = byId("stage");
  addEventListener("dragover", (event) => {
    event.preventDefault();
    stage.classList.add("over");
  });
  addEventListener("dragleave", (event) => {
    if (!event.relatedTarget) stage.classList.remove("over");
  });
  addEventListener("drop", (event) => {
    event.preventDefault();
    stage.classList.remove("over");
    drop(event);
  });
}
