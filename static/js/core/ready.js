// Controls that only work by script wait for it: the server renders them disabled, and a page says when it listens.

/** Let the controls that waited be used. */
export function ready() {
  for (const control of document.querySelectorAll("[data-when-ready]")) control.removeAttribute("disabled");
}
