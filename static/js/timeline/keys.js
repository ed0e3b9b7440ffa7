// The keyboard on a timeline: moments by arrows, people by up and down, nearer and farther by plus and minus.

/**
 * @typedef {object} Moves
 * @property {(steps: number) => void} step
 * @property {(to: "first"|"last") => void} jump
 * @property {(lanes: number) => void} lane
 * @property {(nearer: number) => void} zoom 1 nearer, -1 farther, 0 all
 */

const FAR = 10;

/**
 * @param {HTMLElement} chart
 * @param {Moves} moves
 */
export function followKeys(chart, moves) {
  chart.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const move = actionOf(event, moves);
    if (!move) return;
    event.preventDefault();
    move();
  });
}

/**
 * @param {KeyboardEvent} event
 * @param {Moves} moves
 * @returns {(() => void)|undefined}
 */
function actionOf({ key, shiftKey }, { step, jump, lane, zoom }) {
  const by = shiftKey ? FAR : 1;
  /** @type {Record<string, () => void>} */
  const actions = {
    ArrowLeft: () => step(-by),
    ArrowRight: () => step(by),
    PageDown: () => step(-FAR),
    PageUp: () => step(FAR),
    Home: () => jump("first"),
    End: () => jump("last"),
    ArrowUp: () => lane(-1),
    ArrowDown: () => lane(1),
    "+": () => zoom(1),
    "=": () => zoom(1),
    "-": () => zoom(-1),
    0: () => zoom(0),
  };
  return Object.hasOwn(actions, key) ? actions[key] : undefined;
}
