// Waiting, and calling later.

/** @param {number} milliseconds */
export function pause(milliseconds) {
  return new Promise((resolve) => {
    setTimeout(resolve, milliseconds);
  });
}

/**
 * Call a function when calls have paused.
 * @param {() => void} action
 * @param {number} rest milliseconds
 * @returns {() => void}
 */
export function afterPause(action, rest) {
  let timer = 0;
  return () => {
    clearTimeout(timer);
    timer = setTimeout(action, rest);
  };
}
