// Plays answered frames to a run; prints who was seen in it, its timeline and its gaps.
import { readFileSync } from "node:fs";
import { EMOTIONS } from "../../../static/js/core/emotions.js";
import { Run } from "../../../static/js/live/run.js";

const runs = JSON.parse(readFileSync(0, "utf8"));

const face = ({ track, person, emotion, score }) => {
  const others = (1 - score) / (EMOTIONS.length - 1);
  const scores = Object.fromEntries(EMOTIONS.map((name) => [name, name === emotion ? score : others]));
  return { track_id: track, person, scores, box: { x: 0, y: 0, width: 50, height: 50 } };
};

console.log(
  JSON.stringify(
    runs.map((frames) => {
      const run = new Run();
      for (const [at, faces] of frames) {
        if (faces === "reconnected") run.people.reconnected();
        else run.read(faces.map(face), at);
      }
      const end = frames.at(-1)[0];
      const { people, step_seconds: step } = run.timeline(end);
      const points = people.map((one) => one.points.map(({ offset_ms: offset, emotion_name: name }) => [offset, name]));
      return { seen: run.seen, step, points, gaps: run.gaps(end), recent: run.people.recent(end).length };
    }),
  ),
);
