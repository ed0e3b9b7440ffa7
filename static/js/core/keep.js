// What the page made, handed to the browser to keep: files and text on the clipboard.

const LASTS = 60_000;

/**
 * Hand a file to the browser's downloads.
 * @param {Blob} blob
 * @param {string} filename
 */
export function saveFile(blob, filename) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = filename;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), LASTS);
}

/**
 * Put text on the clipboard; also over plain http, where browsers offer only the way of old.
 * @param {string} text
 */
export async function copyText(text) {
  if (navigator.clipboard) {
    await navigator.clipboard.writeText(text);
    return;
  }
  const field = document.createElement("textarea");
  field.value = text;
  field.readOnly = true;
  field.className = "visually-hidden";
  document.body.append(field);
  field.select();
  document.execCommand("copy");
  field.remove();
}
