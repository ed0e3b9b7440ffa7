// Eases boxes from standard input; prints where each is, and whether it is the target itself.
import { readFileSync } from "node:fs";
import { eased } from "../../../static/js/live/easing.js";

const moves = JSON.parse(readFileSync(0, "utf8"));
console.log(
  JSON.stringify(
    moves.map(([from, to, times]) => {
      let box = from;
      for (const ms of times) box = eased(box, to, ms);
      return [box, box === to];
    }),
  ),
);
