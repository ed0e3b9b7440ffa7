// Waiting: for something to open, for some time.

/** What to wait at until it is opened. */
export function closedGate() {
  let pass = () => {};
  /** @type {Promise<void>} */
  const opened = new Promise((resolve) => {
    pass = resolve;
  });
  const gate = {
    opened,
    isOpen: false,
    open() {
      gate.isOpen = true;
      pass();
    },
  };
  return gate;
}

export function openGate() {
  const gate = closedGate();
  gate.open();
  return gate;
}

/** @param {number} milliseconds */
export function pause(milliseconds) {
  return new Promise((resolve) => {
    setTimeout(resolve, milliseconds);
  });
}
