// The markers of a session: added at a moment, gone to, deleted.
import { byId, el } from "../core/dom.js";
import { t } from "../core/texts.js";
import { clockText } from "../timeline/scale.js";

/** @import { Marker } from "../timeline/types.js" */

const CLOCK = /^(?:(\d{1,4}):)?(\d{1,4}):(\d{2})$/;

/**
 * @param {Marker[]} markers
 * @param {{go: (marker: Marker) => void, remove: (marker: Marker) => void}} actions
 */
export function showMarkers(markers, { go, remove }) {
  const rows = markers.map((marker) => {
    const time = clockText(marker.offset_ms);
    const jump = el("button", { class: "link", type: "button", on: { click: () => go(marker) } }, time);
    jump.setAttribute("aria-label", t("session.go_to", { time, label: marker.label }));
    const named = t("session.delete_marker", { label: marker.label });
    const copy = byId("marker-actions", HTMLTemplateElement).content.cloneNode(true);
    const button = /** @type {DocumentFragment} */ (copy).querySelector("button");
    button?.setAttribute("aria-label", named);
    button?.addEventListener("click", () => remove(marker));
    return el("li", { data: { id: marker.id } }, jump, el("span", { class: "wrap" }, marker.label), copy);
  });
  byId("markers").replaceChildren(...rows);
  byId("markers-none").hidden = rows.length > 0;
}

/**
 * A moment that was written as a clock says it, in milliseconds; null for anything else.
 * @param {string} text
 */
export function momentOf(text) {
  const [, hours = "0", minutes, seconds] = text.trim().match(CLOCK) ?? [];
  if (minutes === undefined || Number(seconds) > 59) return null;
  return (Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds)) * 1000;
}
