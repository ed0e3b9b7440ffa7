// Places the labels of 1, 2, 5 and 16 boxes; prints what is covered, which is to be nothing.
import { labelSpots } from "../../../static/js/live/labels.js";

const AREA = { width: 640, height: 480 };
const LABEL = { width: 118, height: 26 };

const overlap = (one, other) =>
  one.x < other.x + other.width &&
  other.x < one.x + one.width &&
  one.y < other.y + other.height &&
  other.y < one.y + one.height;

function boxes(count) {
  const across = Math.ceil(Math.sqrt(count));
  const [wide, high] = [AREA.width / across, AREA.height / across];
  return Array.from({ length: count }, (_, index) => ({
    x: (index % across) * wide + wide * 0.25,
    y: Math.floor(index / across) * high + high * 0.35,
    width: high * 0.55,
    height: high * 0.55,
  }));
}

const result = {};
for (const count of [1, 2, 5, 16]) {
  const faces = boxes(count);
  const sizes = faces.map(() => LABEL);
  const labels = labelSpots(faces, sizes, AREA).filter((spot) => spot !== null);
  const rectangles = labels.map((spot) => ({ ...spot, ...LABEL }));
  result[count] = {
    placed: labels.length,
    facesCovered: rectangles.filter((label) => faces.some((face) => overlap(label, face))).length,
    labelsOverlap: rectangles.filter((label, i) => rectangles.some((other, j) => i < j && overlap(label, other)))
      .length,
  };
}
console.log(JSON.stringify(result));
