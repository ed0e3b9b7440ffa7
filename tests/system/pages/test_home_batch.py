"""Several pictures at once on the home page: a table of results, each to be opened, all of them as CSV."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from .conftest import Visitor
from .home import bring

FORMULA = '=HYPERLINK("http://example.org","x").jpg'


def blank() -> bytes:
    buffer = io.BytesIO()
    Image.new("RGB", (320, 240), "teal").save(buffer, "PNG")
    return buffer.getvalue()


def rows(page: Page) -> list[list[str]]:
    return [row.locator("td").all_inner_texts() for row in page.locator("#results-table tbody tr").all()]


@pytest.fixture
def several(visit: Visitor, photo: Path) -> Page:
    """The home page with the results of a smile, a wall, a text, and a smile whose name is a formula."""
    page = visit("/")
    smile = photo.read_bytes()
    bring(
        page,
        "drop",
        ("smile.jpg", "image/jpeg", smile),
        ("wall.png", "image/png", blank()),
        ("notes.jpg", "image/jpeg", b"these are notes"),
        (FORMULA, "image/jpeg", smile),
    )
    expect(page.locator("#results-state")).to_have_text("4 pictures")
    return page


def test_each_of_several_pictures_has_a_row_of_its_own(several: Page) -> None:
    smile, wall, notes, formula = rows(several)
    assert smile[:3] == ["smile.jpg", "1", "Happiness"]
    assert wall[:2] == ["wall.png", "No face was found."]
    assert "not a JPEG, PNG, WebP, BMP or GIF" in notes[1]
    assert formula[0] == FORMULA


def test_a_picture_of_several_is_opened_and_left_again(several: Page) -> None:
    several.get_by_role("button", name="smile.jpg").click()
    expect(several.locator("#verdict")).to_contain_text("Happiness")
    expect(several.locator("#back")).to_be_focused()
    several.keyboard.press("Enter")
    expect(several.locator("#results-title")).to_be_focused()
    expect(several.locator("#results-table tbody tr")).to_have_count(4)


def test_what_was_not_read_says_why_when_it_is_opened(several: Page) -> None:
    several.get_by_role("button", name="wall.png").click()
    expect(several.get_by_role("alert")).to_contain_text("No face was found")


def test_the_csv_has_a_row_for_each_face_and_no_formula(several: Page) -> None:
    with several.expect_download() as download:
        several.click("#save-csv")
    assert download.value.suggested_filename == "visionai-pictures.csv"
    with Path(download.value.path()).open(encoding="utf-8", newline="") as file:
        smile, wall, notes, formula = csv.DictReader(file)
    assert (smile["picture"], smile["face"], smile["emotion_name"], smile["error"]) == ("smile.jpg", "1", "happy", "")
    assert float(smile["confidence"]) == float(smile["happy"])
    assert (wall["face"], wall["error"]) == ("", "No face was found.")
    assert "not a JPEG" in notes["error"]
    assert formula["picture"] == f"'{FORMULA}"


def test_more_pictures_than_a_request_takes_are_all_read(visit: Visitor, photo: Path) -> None:
    page = visit("/")
    files = [{"name": f"{number}.png", "mimeType": "image/png", "buffer": blank()} for number in range(35)]
    page.set_input_files(
        "#file", [*files, {"name": "last.jpg", "mimeType": "image/jpeg", "buffer": photo.read_bytes()}]
    )
    expect(page.locator("#results-state")).to_have_text("36 pictures")
    assert rows(page)[-1][:3] == ["last.jpg", "1", "Happiness"]


def test_other_pictures_take_the_place_of_those_before(several: Page, photo: Path) -> None:
    several.set_input_files("#file", photo)
    expect(several.locator("#verdict")).to_contain_text("Happiness")
    expect(several.locator("#results")).to_be_hidden()
    expect(several.locator("#back")).to_be_hidden()
