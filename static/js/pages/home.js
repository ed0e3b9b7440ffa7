// The home page: pictures dropped, pasted, chosen or of ours, read at once; a video goes on to the live page.
import { byId, showOnly } from "../core/dom.js";
import { attempt } from "../core/failures.js";
import { dropStaleFile, leaveFile } from "../core/handover.js";
import { ready } from "../core/ready.js";
import { t } from "../core/texts.js";
import { isVideo, takeFiles } from "../home/intake.js";
import { Outcome } from "../home/outcome.js";
import { readAll, readOne } from "../home/reading.js";
import { Results } from "../home/results.js";
import { Stage } from "../home/stage.js";
import { offUntilChosen } from "../live/consent.js";

/**
 * @import { Reading, Refusal } from "../home/reading.js"
 * @import { Item } from "../home/results.js"
 */

const input = byId("file", HTMLInputElement);
const record = byId("record", HTMLInputElement);
const parts = { drop: byId("drop"), shown: byId("shown"), results: byId("results") };
const stage = new Stage(choose);
const outcome = new Outcome(stage.picture, choose);
const results = new Results(open);
let shown = /** @type {{file: File, reading: Reading}|null} */ (null);
let reading = new AbortController();

/** @param {File[]} files what came in; it takes the place of what was there */
async function take(files) {
  reading.abort();
  reading = new AbortController();
  const { signal } = reading;
  const videos = files.filter(isVideo);
  if (videos.length === files.length) return handOver(videos[0]);
  const pictures = files.filter((file) => !isVideo(file));
  results.clear();
  byId("set-aside").hidden = !videos.length;
  if (pictures.length === 1) await readPicture(pictures[0], signal);
  else await readPictures(pictures, signal);
}

/**
 * @param {File} file
 * @param {AbortSignal} signal
 */
async function readPicture(file, signal) {
  await show(file);
  await working(signal, async () => display(file, await readOne(file, { record: record.checked, signal })));
}

/**
 * @param {File[]} files
 * @param {AbortSignal} signal
 */
async function readPictures(files, signal) {
  clear();
  results.begin(files);
  showOnly(parts, "results");
  byId("again").hidden = false;
  await working(signal, () =>
    readAll(files, { record: record.checked, signal }, (index, answer) => {
      if (!signal.aborted) results.note(index, answer);
    }),
  );
}

/**
 * Do something of which the page says that it goes on, and what goes wrong; another picture's coming ends it quietly.
 * @param {AbortSignal} signal
 * @param {() => Promise<unknown>} action
 */
async function working(signal, action) {
  busy(true);
  try {
    await attempt(action, (error) => signal.aborted || outcome.refuse(error));
  } catch (error) {
    if (!signal.aborted) throw error;
  } finally {
    if (reading.signal === signal) busy(false);
  }
}

/** @param {boolean} now */
function busy(now) {
  byId("working").hidden = !now;
  byId("try").setAttribute("aria-busy", String(now));
}

/** @param {File} file whose picture is shown, without faces as yet */
async function show(file) {
  clear();
  showOnly(parts, "shown");
  byId("again").hidden = false;
  byId("picture-name").textContent = file.name;
  await stage.open(file);
}

function clear() {
  shown = null;
  outcome.clear();
  stage.clear();
  byId("picture-name").textContent = "";
  byId("back").hidden = true;
}

/**
 * Show what was read.
 * @param {File} file
 * @param {Reading} read
 */
function display(file, read) {
  shown = { file, reading: read };
  outcome.open(read, stage.picture, file.name);
  choose(0);
}

/** @param {number} index of the face to bring out */
function choose(index) {
  if (!shown) return;
  const { prediction, scale } = shown.reading;
  outcome.choose(index);
  stage.draw({ faces: prediction.faces, scale, chosen: index });
}

/** @param {Item} item of the results */
async function open({ file, reading: read, refusal }) {
  await show(file);
  byId("back").hidden = false;
  byId("back").focus();
  if (read) display(file, read);
  else if (refusal) outcome.refuse(refusal);
}

function back() {
  clear();
  showOnly(parts, "results");
  byId("results-title").focus();
}

/** @param {File} video to be read on the live page, which asks first what may be kept */
async function handOver(video) {
  byId("handing").hidden = false;
  try {
    await leaveFile(video);
  } catch {
    byId("handing").hidden = true;
    outcome.refuse({ code: "", message: t("picture.video_too_large") });
    return;
  }
  location.assign(byId("try").dataset.live ?? "");
}

/** @param {HTMLButtonElement} sample */
async function readSample(sample) {
  const { src = "", name = "" } = sample.dataset;
  const answer = await fetch(src);
  take([new File([await answer.blob()], name, { type: "image/jpeg" })]);
}

for (const sample of /** @type {NodeListOf<HTMLButtonElement>} */ (document.querySelectorAll(".sample")))
  sample.addEventListener("click", () => readSample(sample));
for (const id of ["choose", "again"]) byId(id).addEventListener("click", () => input.click());
byId("back").addEventListener("click", back);
takeFiles(input, take);
offUntilChosen(record);
dropStaleFile();
ready();
