// Plays frames to the headline; prints which track it speaks of in each, null for nobody.
import { readFileSync } from "node:fs";
import { Headline } from "../../../static/js/live/headline.js";

const clips = JSON.parse(readFileSync(0, "utf8"));
const result = clips.map((frames) => {
  const headline = new Headline();
  return frames.map(([at, faces]) => {
    const shown = faces.map(([track, side]) => {
      return { track_id: track ?? undefined, box: { x: 0, y: 0, width: side, height: side } };
    });
    const face = headline.choose(shown, at);
    return face && [face.track_id ?? null, face.box.width];
  });
});
console.log(JSON.stringify(result));
