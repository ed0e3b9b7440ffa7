// The results of several pictures: a table that fills as they are answered, each to be opened, all of them as CSV.
import { byId, el } from "../core/dom.js";
import { saveFile } from "../core/keep.js";
import { emotionTag, fillTable, NOTHING, numberCell, numbers } from "../core/tables.js";
import { counted, number, percent, t } from "../core/texts.js";
import { csvOf } from "./csv.js";

/**
 * @import { Reading, Refusal } from "./reading.js"
 * @typedef {{file: File, reading: Reading|null, refusal: Refusal|null}} Item a picture and what came of it
 */

const THUMBNAIL = 96;

export class Results {
  #table = byId("results-table");
  #items = /** @type {Item[]} */ ([]);
  #rows = /** @type {HTMLTableRowElement[]} */ ([]);
  #open;

  /** @param {(item: Item) => void} open called when a picture is to be shown */
  constructor(open) {
    this.#open = open;
    byId("save-csv").addEventListener("click", () => this.#save());
  }

  /** Forget them. */
  clear() {
    this.#items = [];
    this.#rows = [];
  }

  /** @param {File[]} files that are about to be read */
  begin(files) {
    this.#items = files.map((file) => ({ file, reading: null, refusal: null }));
    this.#rows = this.#items.map(() => el("tr", {}));
    for (const index of this.#items.keys()) this.#fill(index);
    const heads = [{ text: t("results.picture") }, numbers(t("results.faces")), { text: t("column.emotion") }];
    fillTable(this.#table, [...heads, numbers(t("column.confidence"))], this.#rows, t("results.title"));
    this.#tell();
  }

  /**
   * @param {number} index
   * @param {Reading|Refusal} outcome
   */
  note(index, outcome) {
    const item = this.#items[index];
    if ("prediction" in outcome) item.reading = outcome;
    else item.refusal = outcome;
    this.#fill(index);
    this.#tell();
  }

  #tell() {
    const done = this.#items.filter(({ reading, refusal }) => reading ?? refusal).length;
    const all = this.#items.length;
    byId("results-state").textContent =
      done < all ? t("results.reading", { done: number(done), total: number(all) }) : counted("results.done", all);
    byId("save-csv", HTMLButtonElement).disabled = done < all;
  }

  /** @param {number} index */
  #fill(index) {
    const { file, reading, refusal } = this.#items[index];
    const on = { click: () => this.#open(this.#items[index]) };
    const name = el(
      "button",
      { class: "link picture-link", type: "button", on },
      thumbnail(file),
      el("span", {}, file.name),
    );
    const cells = reading ? cellsOf(reading) : [el("td", { colspan: 3, class: "soft" }, problemOf(refusal))];
    this.#rows[index].replaceChildren(el("td", {}, name), ...cells);
  }

  #save() {
    const results = this.#items.map(({ file, reading, refusal }) => ({
      name: file.name,
      prediction: reading?.prediction ?? null,
      problem: problemOf(refusal),
    }));
    saveFile(new Blob([csvOf(results)], { type: "text/csv" }), "visionai-pictures.csv");
  }
}

/** @param {Refusal|null} refusal */
function problemOf(refusal) {
  if (!refusal) return NOTHING;
  return refusal.code === "no_face" ? t("results.no_face") : refusal.message;
}

/** @param {Reading} reading of whose faces the largest comes first */
function cellsOf({ prediction: { faces } }) {
  const [{ emotion_name: name, confidence, uncertain }] = faces;
  const share = uncertain ? `${percent(confidence)} ?` : percent(confidence);
  return [numberCell(number(faces.length)), el("td", {}, emotionTag(name)), numberCell(share)];
}

/** @param {File} file */
function thumbnail(file) {
  const image = el("img", { alt: "", width: THUMBNAIL / 2, height: THUMBNAIL / 2, loading: "lazy", decoding: "async" });
  image.src = URL.createObjectURL(file);
  image.addEventListener("load", () => URL.revokeObjectURL(image.src), { once: true });
  image.addEventListener("error", () => URL.revokeObjectURL(image.src), { once: true });
  return image;
}
