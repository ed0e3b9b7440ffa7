// Results as CSV (RFC 4180), one row for each face, that no spreadsheet runs as a formula.
import { EMOTIONS } from "../core/emotions.js";

/** @import { Prediction } from "./reading.js" */

/** What a spreadsheet may run (OWASP, CSV injection), and what it may hide before it. */
const RUNS = /^\s*[=+\-@\t\r]/;
const HEAD = [
  "picture",
  "face",
  "emotion_name",
  "confidence",
  "uncertain",
  ...EMOTIONS,
  ...["x", "y", "width", "height"],
  "error",
];

/**
 * The file's text: a row for each face, and one that says what is wrong for a picture that was not read.
 * @param {{name: string, prediction: Prediction|null, problem: string}[]} results
 */
export function csvOf(results) {
  const rows = results.flatMap(({ name, prediction, problem }) =>
    prediction
      ? prediction.faces.map((face, index) => [
          name,
          index + 1,
          face.emotion_name,
          face.confidence,
          face.uncertain,
          ...EMOTIONS.map((emotion) => face.scores[emotion]),
          ...[face.box.x, face.box.y, face.box.width, face.box.height],
          "",
        ])
      : [[name, ...HEAD.slice(2).map(() => ""), problem]],
  );
  return [HEAD, ...rows].map((row) => `${row.map(cell).join(",")}\r\n`).join("");
}

/** @param {string|number|boolean} value */
function cell(value) {
  const text = typeof value === "string" && RUNS.test(value) ? `'${value}` : String(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
