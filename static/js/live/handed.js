// A video that was dropped on another page: offered before the first frame, and read once that is agreed to.
import { byId, el } from "../core/dom.js";
import { takeFile } from "../core/handover.js";
import { t } from "../core/texts.js";

/**
 * Offer it beside the other sources; the page takes it as one that was chosen with its own input.
 * @param {File} video
 */
function offer(video) {
  const read = el("button", { class: "button", type: "button", id: "agree-handed" }, t("video.read"));
  const said = el("p", { id: "handed" }, t("video.handed", { name: video.name }));
  read.addEventListener("click", () => {
    const carried = new DataTransfer();
    carried.items.add(video);
    const input = byId("video-file", HTMLInputElement);
    input.files = carried.files;
    input.dispatchEvent(new Event("change"));
    for (const node of [read, said]) node.remove();
  });
  byId("agree-video").before(read);
  byId("agree-video").parentElement?.before(said);
  read.focus();
}

const video = await takeFile();
if (video) offer(video);
