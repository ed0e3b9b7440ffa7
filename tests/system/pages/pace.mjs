// Plays answers to the pace of frames; prints how long each next frame is waited for.
import { readFileSync } from "node:fs";
import { Pace } from "../../../static/js/live/pace.js";

const pace = new Pace();
pace.begin(0);
console.log(
  JSON.stringify(
    JSON.parse(readFileSync(0, "utf8")).map(([at, faces]) => {
      pace.answered(faces, at);
      return pace.rest(at);
    }),
  ),
);
