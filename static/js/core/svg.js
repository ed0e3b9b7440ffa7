// Elements of SVG. As everywhere, text arrives as text nodes.

const NAMESPACE = "http://www.w3.org/2000/svg";

/**
 * Make an element of SVG.
 * @template {keyof SVGElementTagNameMap} Tag
 * @param {Tag} tag
 * @param {Record<string, string|number|null>} [attributes] null leaves one out
 * @param {...(Node|string|null)} children
 * @returns {SVGElementTagNameMap[Tag]}
 */
export function svg(tag, attributes = {}, ...children) {
  const node = document.createElementNS(NAMESPACE, tag);
  for (const [name, value] of Object.entries(attributes)) if (value !== null) node.setAttribute(name, String(value));
  for (const child of children) if (child !== null) node.append(child);
  return node;
}

/**
 * A picture of that many pixels that shrinks with its place, on paper too.
 * @param {string} name its class
 * @param {number} width
 * @param {number} height
 * @param {...(Node|null)} children
 */
export function picture(name, width, height, ...children) {
  return svg("svg", { class: name, viewBox: `0 0 ${width} ${height}`, "aria-hidden": "true" }, ...children);
}
