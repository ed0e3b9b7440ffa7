// What the lines of a comparison show, as a table.
import { byId, el } from "../core/dom.js";
import { fillTable, NOTHING, numberCell, numbers, rowHead } from "../core/tables.js";
import { emotionName, number, percent, t } from "../core/texts.js";
import { clockText } from "../timeline/scale.js";
import { LETTERS } from "./means.js";

/**
 * @import { Emotion } from "../core/emotions.js"
 * @import { Agreement, Mean } from "./means.js"
 */

const MOST_ROWS = 1000;

/**
 * @param {readonly Emotion[]} names the expressions that are shown
 * @param {Mean[][]} sessions
 * @param {Agreement[]} agreement
 * @param {number} stepSeconds
 */
export function compareTable(names, sessions, agreement, stepSeconds) {
  const offsets = [...new Set(sessions.flatMap((means) => means.map(({ offset }) => offset)))];
  const found = sessions.map((means) => new Map(means.map((mean) => [mean.offset, mean.scores])));
  const agreed = new Map(agreement.map((one) => [one.offset, one]));
  const rows = offsets
    .sort((one, other) => one - other)
    .slice(0, MOST_ROWS)
    .map((offset) => {
      const scores = found.flatMap((means) => names.map((name) => means.get(offset)?.[name]));
      const one = agreed.get(offset);
      return el(
        "tr",
        {},
        rowHead(clockText(offset)),
        ...scores.map((score) => numberCell(score === undefined ? NOTHING : percent(score))),
        numberCell(one ? `${emotionName(one.emotion)} ${percent(one.share)}` : NOTHING),
        numberCell(one ? number(one.people) : NOTHING),
      );
    });
  const heads = sessions.flatMap((_, index) => names.map((name) => numbers(`${LETTERS[index]} ${emotionName(name)}`)));
  const others = [numbers(t("compare.agreement")), numbers(t("compare.people"))];
  const caption = t("compare.table", { seconds: number(stepSeconds) });
  fillTable(byId("lines-table"), [{ text: t("column.time") }, ...heads, ...others], rows, caption);
}
