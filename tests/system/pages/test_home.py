"""Pictures on the home page: chosen, dropped, pasted, of ours; what is said of their faces, and how it is kept."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pytest
from PIL import Image, ImageChops
from playwright.sync_api import Page, expect

from scripts import faces

from .conftest import Visitor
from .home import bring, expect_a_smile


def crowd(across: int, down: int, side: int = 160) -> bytes:
    """Return a JPEG of as many smiling faces in rows."""
    head = faces.portrait().crop((116, 8, 336, 228)).resize((side, side))
    whole = Image.new("RGB", (across * side, down * side))
    for place in range(across * down):
        whole.paste(head, (place % across * side, place // across * side))
    buffer = io.BytesIO()
    whole.save(buffer, "JPEG", quality=90)
    return buffer.getvalue()


def show_a_crowd(page: Page, across: int, down: int) -> None:
    page.set_input_files("#file", {"name": "crowd.jpg", "mimeType": "image/jpeg", "buffer": crowd(across, down)})
    expect(page.locator(".face-box")).to_have_count(across * down)


def test_a_chosen_picture_is_read_boxed_and_scored(visit: Visitor, photo: Path) -> None:
    page = visit("/")
    page.set_input_files("#file", photo)
    expect_a_smile(page)
    expect(page.locator("#outcome .bars li")).to_have_count(7)
    expect(page.locator("#outcome")).to_contain_text("1 face")


@pytest.mark.parametrize("way", ["drop", "paste"])
def test_a_picture_can_be_dropped_and_pasted(visit: Visitor, photo: Path, way: str) -> None:
    page = visit("/")
    bring(page, way, ("dropped.jpg", "image/jpeg", photo.read_bytes()))
    expect_a_smile(page)


@pytest.mark.parametrize(("sample", "count"), [("astronaut", 1), ("officer", 1), ("group", 6)])
def test_a_sample_is_read_by_one_click(visit: Visitor, sample: str, count: int) -> None:
    page = visit("/")
    page.click(f".sample[data-name='{sample}.jpg']")
    expect(page.locator(".face-box")).to_have_count(count)
    expect(page.locator("#verdict-share")).to_contain_text("%")


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


def test_a_face_is_chosen_in_the_picture_by_a_click_and_the_list_follows(visit: Visitor) -> None:
    page = visit("/")
    show_a_crowd(page, 3, 2)
    page.locator(".face-box").nth(4).click()
    expect(page.locator(".face-box").nth(4)).to_have_attribute("aria-pressed", "true")
    expect(page.locator(".face-option input").nth(4)).to_be_checked()
    assert (page.locator("#face").get_attribute("aria-label") or "").startswith("Face 5: Happiness")


def test_a_face_is_chosen_in_the_list_and_the_picture_follows(visit: Visitor) -> None:
    page = visit("/")
    show_a_crowd(page, 3, 2)
    page.get_by_role("radio", name="Face 3: Happiness").check(force=True)
    expect(page.locator(".face-box").nth(2)).to_have_attribute("aria-pressed", "true")


def test_faces_in_the_picture_are_one_stop_of_the_keyboard_and_arrows_walk_through_them(visit: Visitor) -> None:
    page = visit("/")
    show_a_crowd(page, 3, 2)
    assert page.locator(".face-box[tabindex='0']").count() == 1
    page.locator(".face-box").first.focus()
    for key, wanted in (("ArrowRight", 1), ("ArrowDown", 2), ("ArrowLeft", 1), ("ArrowUp", 0), ("ArrowLeft", 5)):
        page.keyboard.press(key)
        expect(page.locator(".face-box").nth(wanted)).to_be_focused()
        expect(page.locator(".face-option input").nth(wanted)).to_be_checked()


COVERED = """async () => {
  await new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn)));
  const rects = (kind) => [...document.querySelectorAll(kind)].map((one) => one.getBoundingClientRect());
  const [label, boxes] = [rects(".face-label:not([hidden])"), rects(".face-box")];
  const over = (a, b) => Math.max(0, Math.min(a.right, b.right) - Math.max(a.left, b.left))
    * Math.max(0, Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top)) / (b.width * b.height);
  return [label.length, Math.max(...boxes.map((box) => Math.max(...label.map((one) => over(one, box)))))];
}"""


def test_sixteen_faces_stay_to_be_seen_on_a_phone(visit: Visitor) -> None:
    page = visit("/", viewport={"width": 390, "height": 844})
    show_a_crowd(page, 4, 4)
    labels, covered = page.evaluate(COVERED)
    assert labels == 1
    assert covered < 0.35
    expect(page.locator(".face-option")).to_have_count(16)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


def test_a_few_faces_have_their_labels_beside_them(visit: Visitor) -> None:
    page = visit("/")
    show_a_crowd(page, 2, 1)
    assert page.evaluate(COVERED) == [2, 0]


def test_a_picture_is_kept_with_its_boxes_as_a_png_of_its_own_size(visit: Visitor, photo: Path) -> None:
    page = visit("/")
    page.set_input_files("#file", photo)
    expect_a_smile(page)
    with page.expect_download() as download:
        page.click("#save-picture")
    assert download.value.suggested_filename == "photo-visionai.png"
    with Image.open(download.value.path()) as saved, Image.open(photo) as original:
        assert (saved.format, saved.size) == ("PNG", original.size)
        plain = original.convert("RGB")
        changed = ImageChops.difference(saved.convert("RGB"), plain).point(lambda value: 255 * (value > 60))
    left, top, right, bottom = changed.getbbox() or (0, 0, 0, 0)
    assert 100 <= left < right <= 400
    assert top < bottom <= 250


def test_what_was_read_is_copied_as_the_server_answered_it(visit: Visitor, photo: Path) -> None:
    page = visit("/", permissions=["clipboard-read", "clipboard-write"])
    page.set_input_files("#file", photo)
    expect_a_smile(page)
    page.click("#copy-json")
    expect(page.locator("#toast")).to_have_text("Copied.")
    copied = json.loads(page.evaluate("navigator.clipboard.readText()"))
    assert copied["emotion_name"] == "happy"
    assert len(copied["faces"][0]["scores"]) == 7


def test_the_number_is_explained_beside_it(visit: Visitor, photo: Path) -> None:
    page = visit("/")
    page.set_input_files("#file", photo)
    expect_a_smile(page)
    page.get_by_text("What is this number?").click()
    expect(page.get_by_text("eight of ten people would say the same")).to_be_visible()


def test_a_newer_picture_takes_the_place_of_the_one_before(visit: Visitor, photo: Path) -> None:
    page = visit("/")
    show_a_crowd(page, 2, 1)
    page.set_input_files("#file", photo)
    expect_a_smile(page)
    expect(page.locator("#face-choice")).to_be_hidden()
