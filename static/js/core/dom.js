// Elements of the page: finding, building, showing. Text always arrives as text nodes, never as markup.

/**
 * @typedef {Node|string|number} Child
 * @typedef {string|number|boolean|null|undefined} Plain null, undefined and false leave an attribute out
 * @typedef {Record<string, Plain|Record<string, Plain>|Record<string, (event: Event) => void>>} Attributes `class`,
 *   `data` (an object), `on` (listeners by event), or any attribute
 */

/**
 * Make an element.
 * @template {keyof HTMLElementTagNameMap} Tag
 * @param {Tag} tag
 * @param {Attributes} [attributes]
 * @param {...(Child|null)} children
 * @returns {HTMLElementTagNameMap[Tag]}
 */
export function el(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (typeof value !== "object") node.setAttribute(name, value === true ? "" : String(value));
    else if (name === "data") Object.assign(node.dataset, value);
    else for (const [event, listener] of Object.entries(value)) node.addEventListener(event, listener);
  }
  for (const child of children) if (child !== null) node.append(child instanceof Node ? child : String(child));
  return node;
}

/**
 * The element of an id, which must be there and be what is asked for.
 * @template {HTMLElement} [Kind=HTMLElement]
 * @param {string} id
 * @param {new () => Kind} [kind] its class, HTMLElement where only what all elements have is used
 * @returns {Kind}
 */
export function byId(id, kind = /** @type {new () => Kind} */ (HTMLElement)) {
  const node = document.getElementById(id);
  if (!(node instanceof kind)) throw new Error(`The page has no ${kind.name} #${id}`);
  return node;
}

/**
 * What the server wrote into a `<script type="application/json">` of the page.
 * @template Value
 * @param {string} id
 * @param {Value} missing where the page has no such script
 * @returns {Value}
 */
export function jsonOf(id, missing) {
  const node = document.getElementById(id);
  return node ? JSON.parse(node.textContent ?? "") : missing;
}

/**
 * Show one element and hide the rest of a group.
 * @template {string} Name
 * @param {Record<Name, HTMLElement>} group
 * @param {NoInfer<Name>|null} name which one; null hides all
 */
export function showOnly(group, name) {
  for (const [key, node] of Object.entries(group)) /** @type {HTMLElement} */ (node).hidden = key !== name;
}

/**
 * The context to draw on a canvas with.
 * @param {HTMLCanvasElement|OffscreenCanvas} canvas
 * @param {CanvasRenderingContext2DSettings} [settings]
 */
export function contextOf(canvas, settings) {
  const context = canvas.getContext("2d", settings);
  if (!context) throw new Error("The browser gives no 2D context");
  return /** @type {CanvasRenderingContext2D} */ (context);
}

/**
 * Match a canvas to its place on the screen, at the screen's resolution.
 * @param {CanvasRenderingContext2D} context
 * @returns {{width: number, height: number}} its size in CSS pixels, in which is drawn
 */
export function fitCanvas(context) {
  const { canvas } = context;
  const ratio = devicePixelRatio || 1;
  const { clientWidth: width, clientHeight: height } = canvas;
  const [sharpWidth, sharpHeight] = [Math.round(width * ratio), Math.round(height * ratio)];
  // Setting a size clears the canvas, even where it is the size it has.
  if (canvas.width !== sharpWidth) canvas.width = sharpWidth;
  if (canvas.height !== sharpHeight) canvas.height = sharpHeight;
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  return { width, height };
}

/**
 * Take each file that is chosen with an input; the same one may be chosen again.
 * @param {HTMLInputElement} input
 * @param {(file: File) => void} take
 */
export function onFile(input, take) {
  input.addEventListener("change", () => {
    const file = input.files?.[0];
    if (file) take(file);
    input.value = "";
  });
}
