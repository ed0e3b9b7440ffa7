// A report as one HTML file: no script, nothing from elsewhere, every text as text.

const POLICY = "default-src 'none'; style-src 'unsafe-inline'";
/** What only works with a script, or says nothing on its own. */
const LEFT_OUT = ".no-print, [hidden], .timeline-table, .timeline-cursor, .timeline-stretch, script, img";
const OF_A_SLIDER = ["role", "tabindex", "aria-valuenow", "aria-valuemin", "aria-valuemax", "aria-valuetext"];

/**
 * Make the file. It is built as a document and written by the browser, so that no text of a person can become markup.
 * @param {HTMLElement} sheet
 * @param {string} title
 * @returns {Blob}
 */
export function reportFile(sheet, title) {
  const made = document.implementation.createHTMLDocument(title);
  made.documentElement.lang = document.documentElement.lang;
  made.head.prepend(
    meta(made, { charset: "utf-8" }),
    meta(made, { "http-equiv": "Content-Security-Policy", content: POLICY }),
  );
  made.head.append(meta(made, { name: "viewport", content: "width=device-width, initial-scale=1" }));
  const main = made.createElement("main");
  main.append(made.importNode(still(sheet), true));
  made.body.append(main);
  const html = made.documentElement.outerHTML;
  // This page's policy allows no style element, not even in a document that nobody sees.
  // Texts have no "<" of their own.
  const styled = html.replace("</head>", () => `<style>\n${styles()}\n</style></head>`);
  return new Blob([`<!doctype html>\n${styled}\n`], { type: "text/html;charset=utf-8" });
}

/**
 * A copy of the sheet as it is, without what moves.
 * @param {HTMLElement} sheet
 */
function still(sheet) {
  const copy = /** @type {HTMLElement} */ (sheet.cloneNode(true));
  for (const node of copy.querySelectorAll(LEFT_OUT)) node.remove();
  const chart = copy.querySelector(".timeline-chart");
  for (const name of OF_A_SLIDER) chart?.removeAttribute(name);
  chart?.setAttribute("role", "img");
  return copy;
}

/** The rules of this page's own style sheets, but for the font, which is a file. */
function styles() {
  const sheets = [...document.styleSheets].map((sheet) => {
    const rules = [...sheet.cssRules].filter((rule) => !(rule instanceof CSSFontFaceRule)).map((rule) => rule.cssText);
    const media = sheet.media.mediaText;
    return media ? `@media ${media} {\n${rules.join("\n")}\n}` : rules.join("\n");
  });
  return sheets.join("\n");
}

/**
 * @param {Document} made
 * @param {Record<string, string>} attributes
 */
function meta(made, attributes) {
  const node = made.createElement("meta");
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
  return node;
}
