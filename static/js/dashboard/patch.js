// Bring elements up to date in place: what stays keeps the focus, and its listeners.

/**
 * Make the children of an element those that are given.
 * @param {Element} place
 * @param {...(Node|string)} fresh
 */
export function patchChildren(place, ...fresh) {
  const nodes = fresh.map((one) => (typeof one === "string" ? document.createTextNode(one) : one));
  const there = [...place.childNodes];
  if (keyed(nodes)) return patchKeyed(place, /** @type {HTMLElement[]} */ (nodes));
  nodes.forEach((node, index) => {
    if (index < there.length) patch(there[index], node);
    else place.append(node);
  });
  for (const left of there.slice(nodes.length)) left.remove();
}

/**
 * Make one node what another is.
 * @param {ChildNode} old
 * @param {Node} fresh
 */
function patch(old, fresh) {
  if (old.isEqualNode(fresh)) return;
  if (old instanceof HTMLElement && fresh instanceof HTMLElement && old.localName === fresh.localName) {
    patchAttributes(old, fresh);
    patchChildren(old, ...fresh.childNodes);
  } else if (old instanceof Text && fresh instanceof Text) {
    old.data = fresh.data;
  } else {
    old.replaceWith(fresh);
  }
}

/**
 * @param {HTMLElement} old
 * @param {HTMLElement} fresh
 */
function patchAttributes(old, fresh) {
  for (const { name } of [...old.attributes]) if (!fresh.hasAttribute(name)) old.removeAttribute(name);
  for (const { name, value } of fresh.attributes) if (old.getAttribute(name) !== value) old.setAttribute(name, value);
}

/** @param {Node[]} nodes */
function keyed(nodes) {
  return nodes.length > 0 && nodes.every((node) => node instanceof HTMLElement && node.dataset.key !== undefined);
}

/**
 * Children that each have a key stay what they are, wherever they go.
 * @param {Element} place
 * @param {HTMLElement[]} nodes
 */
function patchKeyed(place, nodes) {
  const there = /** @type {HTMLElement[]} */ ([...place.children]);
  const known = new Map(there.map((node) => [node.dataset.key, node]));
  const wanted = new Set(nodes.map((node) => node.dataset.key));
  for (const node of there) if (!wanted.has(node.dataset.key)) node.remove();
  nodes.forEach((node, index) => {
    const old = known.get(node.dataset.key);
    if (old) patch(old, node);
    const here = place.children[index] ?? null;
    if ((old ?? node) !== here) place.insertBefore(old ?? node, here);
  });
}
