"""Files brought to the home page as people bring them."""

from __future__ import annotations

import base64

from playwright.sync_api import Page, expect

DROP_OR_PASTE = """([kind, files]) => {
  const carried = new DataTransfer();
  for (const [name, type, data] of files) {
    const bytes = Uint8Array.from(atob(data), (letter) => letter.charCodeAt(0));
    carried.items.add(new File([bytes], name, { type }));
  }
  const event = kind === "drop"
    ? new DragEvent("drop", { dataTransfer: carried, bubbles: true, cancelable: true })
    : new ClipboardEvent("paste", { clipboardData: carried, bubbles: true });
  document.getElementById("stage").dispatchEvent(event);
}"""


def bring(page: Page, way: str, *files: tuple[str, str, bytes]) -> None:
    """Drop or paste files: name, type and content of each."""
    page.evaluate(DROP_OR_PASTE, [way, [(name, kind, base64.b64encode(data).decode()) for name, kind, data in files]])


def expect_a_smile(page: Page) -> None:
    expect(page.locator("#outcome .verdict")).to_contain_text("Happiness")
    expect(page.locator("#boxes")).to_have_attribute("data-emotions", "happy")
