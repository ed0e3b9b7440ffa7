"""The picture on the home page: chosen, dropped, pasted, and what is said of it."""

from __future__ import annotations

import base64
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from .conftest import Visitor

DROP_OR_PASTE = """([kind, data, name]) => {
  const bytes = Uint8Array.from(atob(data), (letter) => letter.charCodeAt(0));
  const carried = new DataTransfer();
  carried.items.add(new File([bytes], name, { type: "image/jpeg" }));
  const event = kind === "drop"
    ? new DragEvent("drop", { dataTransfer: carried, bubbles: true, cancelable: true })
    : new ClipboardEvent("paste", { clipboardData: carried, bubbles: true });
  document.getElementById("stage").dispatchEvent(event);
}"""


def expect_a_smile(page: Page) -> None:
    expect(page.locator("#outcome .verdict")).to_contain_text("Happiness")
    expect(page.locator("#boxes")).to_have_attribute("data-emotions", "happy")


def test_a_chosen_picture_is_read_boxed_and_scored(visit: Visitor, photo: Path) -> None:
    page = visit("/")
    page.set_input_files("#file", photo)
    expect_a_smile(page)
    expect(page.locator("#outcome .bars li")).to_have_count(7)
    expect(page.locator("#outcome")).to_contain_text("1 face")


@pytest.mark.parametrize("way", ["drop", "paste"])
def test_a_picture_can_be_dropped_and_pasted(visit: Visitor, photo: Path, way: str) -> None:
    page = visit("/")
    page.evaluate(DROP_OR_PASTE, [way, base64.b64encode(photo.read_bytes()).decode(), "dropped.jpg"])
    expect_a_smile(page)


def test_a_picture_without_a_face_is_said_to_have_none(visit: Visitor, tmp_path: Path) -> None:
    visit.expected.append("422")
    page = visit("/")
    Image.new("RGB", (320, 240), "teal").save(tmp_path / "wall.png")
    page.set_input_files("#file", tmp_path / "wall.png")
    expect(page.get_by_role("alert")).to_contain_text("No face was found")


def test_what_is_no_picture_is_explained_by_the_server(visit: Visitor, tmp_path: Path) -> None:
    visit.expected.append("415")
    page = visit("/")
    (tmp_path / "notes.jpg").write_text("these are notes")
    page.set_input_files("#file", tmp_path / "notes.jpg")
    expect(page.get_by_role("alert")).to_contain_text("not a JPEG, PNG, WebP, BMP or GIF")


def test_the_name_of_a_file_is_text_and_never_markup(visit: Visitor, photo: Path) -> None:
    page = visit("/")
    name = "<img src=x onerror=document.title='taken'>.jpg"
    page.set_input_files("#file", {"name": name, "mimeType": "image/jpeg", "buffer": photo.read_bytes()})
    expect_a_smile(page)
    expect(page.locator("#picture-name")).to_have_text(name)
    assert page.locator("img[src=x]").count() == 0
    assert page.title() != "taken"
