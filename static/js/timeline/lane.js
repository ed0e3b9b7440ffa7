// The lane of one person, the marks above all lanes and the times under them.
import { el } from "../core/dom.js";
import { picture, svg } from "../core/svg.js";
import { t } from "../core/texts.js";
import { areas, columnsOf, doubts, letters } from "./areas.js";
import { clockText } from "./scale.js";

/**
 * @import { Fills } from "./fills.js"
 * @import { Scale } from "./scale.js"
 * @import { Gap, Marker, Series, TimelineAnswer } from "./types.js"
 */

export const LANE_HEIGHT = 56;
const AXIS_HEIGHT = 24;
const LINE_HEIGHT = 17;
const LETTER_WIDTH = 7;
const MOST_LETTERS = 28;

/**
 * What a lane is called.
 * @param {Series} series
 */
export function nameOf({ name, label, person }) {
  return name ?? label ?? t("person.number", { number: person });
}

/**
 * @param {Series} series
 * @param {TimelineAnswer} timeline of which the lane is
 * @param {Scale} scale
 * @param {Fills} fills
 */
export function lane(series, timeline, scale, fills) {
  const columns = columnsOf(series.points, timeline.step_seconds * 1000, scale, LANE_HEIGHT);
  const drawn = picture(
    "lane-picture",
    scale.width,
    LANE_HEIGHT,
    svg("rect", { class: "ground", width: scale.width, height: LANE_HEIGHT }),
    ...(series.gaps ?? timeline.gaps).map((gap) => gapOf(gap, scale, fills)),
    ...areas(columns, LANE_HEIGHT, fills),
    ...letters(columns, LANE_HEIGHT),
    ...doubts(columns),
    ...(series.markers ?? timeline.markers).map((marker) => markerLine(marker, scale)),
  );
  return el("div", { class: "lane" }, el("p", { class: "lane-name" }, nameOf(series)), drawn);
}

/**
 * @param {Gap} gap
 * @param {Scale} scale
 * @param {Fills} fills
 */
function gapOf([from, until], scale, fills) {
  if (!scale.meets(from, until)) return null;
  const left = scale.x(Math.max(from, scale.from));
  const right = scale.x(Math.min(until, scale.until));
  const place = { x: left, width: Math.max(1, right - left), height: LANE_HEIGHT };
  return svg("g", { class: "gap" }, svg("rect", { ...place, fill: fills.gap }), svg("title", {}, t("timeline.gap")));
}

/**
 * @param {Marker} marker
 * @param {Scale} scale
 */
function markerLine({ offset_ms: at }, scale) {
  return scale.meets(at, at + 1)
    ? svg("line", { class: "marker-line", x1: scale.x(at), x2: scale.x(at), y2: LANE_HEIGHT })
    : null;
}

/**
 * The names of the markers, each at its moment, in as many lines as they need; those without room keep their line.
 * @param {Marker[]} markers
 * @param {Scale} scale
 */
export function markerNames(markers, scale) {
  const ends = [0, 0, 0];
  const texts = markers.map(({ offset_ms: at, label }) => {
    if (!scale.meets(at, at + 1)) return null;
    const text = label.length > MOST_LETTERS ? `${label.slice(0, MOST_LETTERS - 1)}…` : label;
    const width = text.length * LETTER_WIDTH + 10;
    const x = Math.max(0, Math.min(scale.x(at), scale.width - width));
    const line = ends.findIndex((end) => end <= x);
    if (line < 0) return null;
    ends[line] = x + width;
    return svg("text", { x: x + 3, y: (line + 1) * LINE_HEIGHT - 4 }, text, svg("title", {}, label));
  });
  const lines = ends.filter((end) => end > 0).length;
  return lines ? picture("marker-names", scale.width, lines * LINE_HEIGHT, ...texts) : null;
}

/** @param {Scale} scale */
export function axis(scale) {
  const ticks = scale.ticks.map((ms) => {
    const x = scale.x(ms);
    const anchor = x < 20 ? "start" : x > scale.width - 20 ? "end" : "middle";
    const line = svg("line", { x1: x, x2: x, y2: 5 });
    return svg("g", {}, line, svg("text", { x, y: 18, "text-anchor": anchor }, clockText(ms)));
  });
  return picture("axis", scale.width, AXIS_HEIGHT, ...ticks);
}
