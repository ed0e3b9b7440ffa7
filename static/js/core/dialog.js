// Questions before what cannot be undone.

/**
 * Ask with a dialog of the page.
 * @param {HTMLDialogElement} dialog its form has a button with the value "yes"
 * @returns {Promise<boolean>}
 */
export function confirmed(dialog) {
  dialog.returnValue = "";
  dialog.showModal();
  return new Promise((resolve) => {
    dialog.addEventListener("close", () => resolve(dialog.returnValue === "yes"), { once: true });
  });
}
