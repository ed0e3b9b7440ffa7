// The dashboard: figures for the filters in the address, brought up to date as predictions arrive.
import { byId, el } from "../core/dom.js";
import { BY_VALENCE, isEmotion } from "../core/emotions.js";
import { attempt, hideFailure, showFailure } from "../core/failures.js";
import { ready } from "../core/ready.js";
import { session } from "../core/session.js";
import { emotionName } from "../core/texts.js";
import { goesOn, isNarrowed, isOfAll } from "../dashboard/address.js";
import { Board } from "../dashboard/board.js";
import { exportButtons } from "../dashboard/exports.js";
import { onChosenEmotion } from "../dashboard/figure-tables.js";
import { anythingAtAll, previous, queryOf, timeline, wholeOf } from "../dashboard/figures.js";
import { Filters } from "../dashboard/filters.js";
import { readRows, startRows } from "../dashboard/rows.js";
import { startTicking } from "../dashboard/ticking.js";
import { followStream } from "../dashboard/updates.js";

/**
 * @import { FullChoice } from "../dashboard/address.js"
 * @import { Answers } from "../dashboard/board.js"
 * @import { ApiError } from "../core/http.js"
 * @import { Timeline } from "../dashboard/figures.js"
 * @typedef {Timeline["versions"]} Versions
 */

/** Milliseconds for which the period before and the changes of versions are taken to stay what they are. */
const SLOW = 60_000;
/** What does not change what is asked for. */
const LOOKS = /** @type {const} */ (["show"]);
/** Fields of the API, and where what is wrong with them is said. */
const PLACES = /** @type {Record<string, string>} */ ({
  since: "from",
  until: "from",
  days: "from",
  bucket: "from",
  cursor: "rows",
});

const filters = new Filters();
const board = new Board((part) => filters.set(part));
let asked = 0;
let newest = Promise.resolve();
/** What changes slowly, and of which choice and when it was read. */
let slow = { key: "", at: 0, before: /** @type {Answers["before"]} */ (null), versions: /** @type {Versions} */ ([]) };

/** Ask for everything and show it; who waits for an answer that is left aside waits for the newer one. */
async function refresh() {
  newest = readAndShow();
  let waited;
  do {
    waited = newest;
    await waited;
  } while (waited !== newest);
}

/** An answer to older filters is left aside. */
async function readAndShow() {
  asked += 1;
  const turn = asked;
  const { choice, trouble } = filters;
  if (!filters.explain(trouble) || Object.keys(trouble).length) return board.hide();
  await attempt(
    async () => {
      const answers = await read(choice);
      if (turn !== asked) return;
      hideFailure();
      board.show(answers);
    },
    (error) => {
      if (turn === asked) fail(error, choice);
    },
  );
}

/**
 * @param {FullChoice} choice
 * @returns {Promise<Answers>}
 */
async function read(choice) {
  const key = keyOf(choice);
  const again = slow.key === key && Date.now() - slow.at < SLOW;
  const [whole, overTime, rows, before] = await Promise.all([
    wholeOf(choice),
    timeline(choice, !again),
    readRows(choice),
    again ? slow.before : previous(choice),
  ]);
  if (again) overTime.versions = slow.versions;
  else slow = { key, at: Date.now(), before, versions: overTime.versions };
  const ever = whole.total_predictions > 0 || (isNarrowed() && (await anythingAtAll()));
  return { choice, whole, before, overTime, rows, ever };
}

/**
 * What a choice asks the server for.
 * @param {FullChoice} choice
 */
function keyOf(choice) {
  return JSON.stringify({ ...choice, rows: "", ...Object.fromEntries(LOOKS.map((name) => [name, ""])) });
}

/**
 * Say what went wrong, at the field where it is of one. Figures of other filters do not stay.
 * @param {ApiError} error
 * @param {FullChoice} choice
 */
function fail(error, choice) {
  const shown = board.choice;
  if (!shown || keyOf(shown) !== keyOf(choice)) board.hide();
  const wrong = Object.fromEntries(error.fields.map(([name, text]) => [PLACES[name] ?? name, text]));
  const said = error.fields.length > 0 && filters.explain(wrong);
  if (said) hideFailure();
  else showFailure(error.message);
}

/** Show another choice, and say in a sentence what it holds. */
async function turnTo() {
  const { choice } = filters;
  const rows = choice.rows !== (board.choice?.rows ?? "");
  await refresh();
  if (rows && choice.rows) byId("latest-title").focus();
  byId("said").textContent = board.summary;
}

/** Whether this server shows its figures to whoever looks now. */
function allowed() {
  return document.documentElement.dataset.dashboard === "public" || session.user !== null;
}

/** What new readings mean to what is shown. */
function way() {
  if (!goesOn()) return "leave";
  return isOfAll() && board.choice ? "add" : "ask";
}

async function refreshRows() {
  const { choice } = filters;
  if (choice.rows) return; // Rows that somebody reads stay where they are.
  await attempt(
    async () => {
      const page = await readRows(choice);
      if (keyOf(choice) === keyOf(filters.choice)) board.showNewest(page);
    },
    () => {}, // The next time all is asked for, what is wrong is said.
  );
}

function listen() {
  const detailChoice = byId("detail-choice", HTMLSelectElement);
  detailChoice.replaceChildren(...BY_VALENCE.map((name) => el("option", { value: name }, emotionName(name))));
  detailChoice.addEventListener("change", () => board.look(isEmotion(detailChoice.value) ? detailChoice.value : ""));
  for (const name of /** @type {const} */ (["bucket", "show"])) {
    byId(name).addEventListener("change", ({ target }) => {
      filters.set({ [name]: /** @type {HTMLInputElement} */ (target).value });
    });
  }
  onChosenEmotion(byId("shares-table"), (emotion) => {
    filters.set({ emotion: filters.choice.emotion === emotion ? "" : emotion });
  });
  byId("failed-again").addEventListener("click", refresh);
  filters.addEventListener("change", turnTo);
  startRows(filters);
  exportButtons(() => queryOf(filters.choice));
}

function start() {
  if (!allowed()) {
    for (const id of ["filters", "board", "updates"]) byId(id).hidden = true;
    byId("private").hidden = false;
    return;
  }
  listen();
  filters.fill();
  ready();
  refresh();
  startTicking();
  followStream({
    way,
    add: (more) => board.add(more),
    refresh,
    refreshRows,
    fail: (error) => showFailure(error.message),
  });
}

start();
