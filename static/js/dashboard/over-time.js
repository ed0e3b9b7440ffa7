// The bars over time with everything around them: step, shares, legend, marks, table, and the ways to narrow.
import { StackedBars } from "../charts/stacked-bars.js";
import { byId, el } from "../core/dom.js";
import { BY_VALENCE, byEmotion, EMOTIONS, totalOf } from "../core/emotions.js";
import { counted, dateTime, emotionLetters, emotionName, locale, percent, t } from "../core/texts.js";
import { workWithBars } from "./bar-cursor.js";
import { BAR_WORDS } from "./bar-words.js";
import { onChosenStep, stepLabel, timelineTable } from "./figure-tables.js";
import { mostCommon } from "./figures.js";
import { patchChildren } from "./patch.js";
import { allowsHours, allowsMinutes, choiceOfRange, endOfStep, localDay, periodOf, TIME_ZONE } from "./period.js";

/**
 * @import { Span } from "../charts/layers.js"
 * @import { Bars } from "../charts/stacked-bars.js"
 * @import { FullChoice } from "./address.js"
 * @import { Bucket, Counts, Step, Timeline, VersionChange } from "./figures.js"
 * @typedef {Required<Bars> & {steps: Step[]}} Shown
 */

/** Shows a timeline, and hears what people want to see closer. */
export class OverTime {
  #bars = /** @type {Shown} */ ({ labels: [], steps: [], shares: false, layers: { span: null, marks: [] } });
  #bucket = /** @type {Bucket} */ ("day");
  #period = /** @type {{since: string|null, until: string|null}} */ ({ since: null, until: null });
  #narrow;
  #chart = new StackedBars(byId("time-chart"), () => this.#bars, BAR_WORDS);
  #refresh;

  /** @param {(part: Partial<FullChoice>) => void} narrow */
  constructor(narrow) {
    this.#narrow = narrow;
    this.#refresh = workWithBars({
      place: byId("time-plot"),
      readout: byId("time-readout"),
      bars: this.#chart,
      read: () => this.#bars,
      summary: () => this.#summary(),
      look: (span) => this.#look(span),
      narrow: (span) => this.#go(span),
    });
    onChosenStep(byId("time-table"), (index, emotion) => this.#go({ from: index, to: index, emotion }));
    byId("legend").replaceChildren(...BY_VALENCE.map(legendEntry));
    byId("time-zone").textContent = t("time.zone", { zone: zoneName() });
  }

  /**
   * @param {Timeline} found
   * @param {FullChoice} choice
   */
  show({ timeline: steps, bucket, versions }, choice) {
    this.#bucket = bucket;
    this.#period = periodOf(choice);
    this.#bars.steps = steps;
    this.#bars.labels = steps.map(({ date }) => stepLabel(date, bucket));
    this.#bars.shares = choice.show === "shares";
    this.#showMarks(versions);
    this.#showSwitches(choice);
    this.#draw();
  }

  /**
   * Count more into the step that goes on.
   * @param {Counts} more
   */
  add(more) {
    const now = this.#bars.steps.findIndex((_, index) => this.#startOf(index) <= Date.now() && this.#isNow(index));
    const step = this.#bars.steps[now];
    if (!step) return; // Its time has not come, or is over: all is asked for anew soon.
    step.by_emotion = byEmotion((name) => step.by_emotion[name] + more[name]);
    step.count += totalOf(more);
    this.#draw();
  }

  #draw() {
    this.#chart.update();
    timelineTable(byId("time-table"), this.#bars.labels, this.#bars.steps, true);
    this.#refresh();
  }

  /** @param {Span|null} span */
  #look(span) {
    if (JSON.stringify(span) === JSON.stringify(this.#bars.layers.span)) return;
    this.#bars.layers.span = span;
    this.#chart.look();
  }

  /**
   * Narrow to steps and an expression. What is one minute already shows its rows.
   * @param {Span} span
   */
  #go({ from, to, emotion }) {
    const since = this.#startOf(from);
    const until = endOfStep(this.#startOf(to), this.#bucket);
    const whole = from === 0 && to === this.#bars.steps.length - 1;
    const closest = from === to && this.#bucket === "minute";
    this.#narrow({
      ...(whole && !closest ? {} : choiceOfRange(since, until)),
      ...(emotion ? { emotion } : {}),
      ...(closest ? { rows: "1" } : {}),
      bucket: "",
    });
  }

  /** @param {number} index */
  #startOf(index) {
    const { date } = this.#bars.steps[index];
    return this.#bucket === "day" ? localDay(date).getTime() : Date.parse(date);
  }

  /** @param {number} index */
  #isNow(index) {
    return Date.now() < endOfStep(this.#startOf(index), this.#bucket);
  }

  /** @param {FullChoice} choice */
  #showSwitches(choice) {
    const period = periodOf(choice);
    const whole = choice.period === "session";
    byId("bucket-minute", HTMLInputElement).disabled = !whole && !allowsMinutes(period);
    byId("bucket-hour", HTMLInputElement).disabled = !whole && !allowsHours(period);
    byId("bucket-why").hidden = whole || allowsMinutes(period);
    byId(`bucket-${this.#bucket}`, HTMLInputElement).checked = true;
    const show = /** @type {NodeListOf<HTMLInputElement>} */ (document.getElementsByName("show"));
    for (const input of show) input.checked = input.value === choice.show;
  }

  /**
   * Where another version of the weights began to read; the first one is there from the start.
   * @param {VersionChange[]} versions
   */
  #showMarks(versions) {
    const changes = versions.slice(1).map((change) => ({ ...change, text: change.model_version_tag }));
    this.#bars.layers.marks = changes.map(({ since, text }) => ({ at: this.#placeOf(Date.parse(since)), text }));
    byId("marks").hidden = changes.length === 0;
    const entries = changes.map(({ since, text }) => t("marks.since", { version: text, time: dateTime(since) }));
    patchChildren(byId("marks"), ...entries.map((text) => el("li", {}, text)));
  }

  /**
   * The place of an instant among the steps.
   * @param {number} moment
   */
  #placeOf(moment) {
    const { steps } = this.#bars;
    const index = steps.filter((_, number) => this.#startOf(number) <= moment).length - 1;
    if (index < 0) return 0;
    const start = this.#startOf(index);
    return index + Math.min(1, (moment - start) / (endOfStep(start, this.#bucket) - start));
  }

  /** All bars in a sentence. */
  #summary() {
    const { steps } = this.#bars;
    const counts = byEmotion((name) => steps.reduce((sum, step) => sum + step.by_emotion[name], 0));
    const name = mostCommon(counts);
    const all = counted("steps", steps.length);
    if (!name) return t("readout.nothing", { steps: all });
    const total = totalOf(counts);
    const values = { steps: all, seconds: counted("seconds", total), share: percent(counts[name] / total) };
    return t("readout.summary", { ...values, name: emotionName(name) });
  }
}

/** @param {typeof EMOTIONS[number]} name */
function legendEntry(name) {
  const swatch = el("span", { class: "swatch", data: { emotion: name }, "aria-hidden": "true" }, emotionLetters(name));
  return el("li", {}, swatch, emotionName(name));
}

/** The time zone of this browser, with its distance from UTC. */
function zoneName() {
  const parts = new Intl.DateTimeFormat(locale, { timeZoneName: "shortOffset" }).formatToParts();
  const offset = parts.find(({ type }) => type === "timeZoneName")?.value ?? "UTC";
  return `${TIME_ZONE.replaceAll("_", " ")} (${offset})`;
}
