// Building pieces of the page. Text always arrives as text nodes, never as markup.

/**
 * Make an element.
 * @param {string} tag
 * @param {Record<string, any>} [attributes] `class`, `data` (an object), `on` (listeners by event), or any attribute;
 *   null, undefined and false leave the attribute out.
 * @param {...(Node|string|number|null)} children
 * @returns {HTMLElement}
 */
export function el(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (name === "data") Object.assign(node.dataset, value);
    else if (name === "on") for (const [event, listener] of Object.entries(value)) node.addEventListener(event, listener);
    else node.setAttribute(name, value === true ? "" : String(value));
  }
  node.append(...children.filter((child) => child !== null).map((child) => (child instanceof Node ? child : String(child))));
  return node;
}

/**
 * The element of an id, which must be there.
 * @param {string} id
 * @returns {any}
 */
export function byId(id) {
  const node = document.getElementById(id);
  if (!node) throw new Error(`The page has no element #${id}`);
  return node;
}

/**
 * Show one element and hide the rest of a group.
 * @param {Record<string, HTMLElement>} group
 * @param {string|null} name which one; null hides all
 */
export function showOnly(group, name) {
  for (const [key, node] of Object.entries(group)) node.hidden = key !== name;
}

/**
 * Call a function when calls have paused.
 * @template {any[]} A
 * @param {(...values: A) => void} action
 * @param {number} pause milliseconds
 * @returns {(...values: A) => void}
 */
export function afterPause(action, pause) {
  let timer = 0;
  return (...values) => {
    clearTimeout(timer);
    timer = setTimeout(() => action(...values), pause);
  };
}
