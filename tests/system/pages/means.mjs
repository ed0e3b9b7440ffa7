// Lays sessions over each other; prints their means, agreement, common markers, and clocks as text.
import { readFileSync } from "node:fs";
import { agreementOf, commonMarkers, meansOf, spanOfAll } from "../../../static/js/sessions/means.js";
import { momentOf } from "../../../static/js/sessions/moments.js";
import { clockText, Scale } from "../../../static/js/timeline/scale.js";

const { sessions, clocks } = JSON.parse(readFileSync(0, "utf8"));
console.log(
  JSON.stringify({
    means: sessions.map(meansOf),
    agreement: agreementOf(sessions),
    markers: commonMarkers(sessions),
    span: spanOfAll(sessions, 10_000),
    clocks: clocks.map((ms) => [clockText(ms), momentOf(clockText(ms))]),
    ticks: new Scale({ from: -60_000, until: 240_000 }, 800).ticks.map(clockText),
  }),
);
