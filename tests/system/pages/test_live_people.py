"""Two people before the camera: lanes, a headline that stays with one, picks and pins, all of it in one view."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from scripts import faces
from scripts.browser import camera_of, launch
from tests.support.servers import Server

from .conftest import Visitor
from .test_everywhere import faults

WINDOWS = [(1280, 800), (390, 844), (844, 390), (2560, 1440)]
WATCHED_MS = 60_000
# Notes whenever the headline leaves somebody who is still in the picture.
WATCH = """() => {
  window.changes = [];
  let last = null;
  const number = () => document.getElementById("now-who").textContent.match(/\\d+/)?.[0] ?? null;
  const isThere = (one) => [...document.querySelectorAll(".live-lane")].some((lane) =>
    lane.querySelector(".lane-number").textContent === one && lane.querySelector(".lane-now").dataset.emotion);
  new MutationObserver(() => {
    const now = number();
    if (last !== null && now !== null && now !== last && isThere(last)) window.changes.push([last, now]);
    last = now ?? last;
  }).observe(document.getElementById("now-who"), { childList: true, characterData: true, subtree: true });
}"""


@pytest.fixture(scope="module")
def pair(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    """A browser whose camera sees two people who sway."""
    camera = faces.write_two(tmp_path_factory.mktemp("pair") / "camera.mjpeg")
    other = launch(browser.browser_type, *camera_of(camera))
    yield other
    other.close()


@pytest.fixture
def page(pair: Browser, server: Server) -> Iterator[Page]:
    """The live page while it reads two people."""
    visitor = Visitor(pair, server)
    page = visitor("/live", reduced_motion="no-preference")
    page.click("#agree")
    expect(page.locator("#overlay")).to_have_attribute("data-emotions", "happy happy")
    expect(there(page)).to_have_count(2)
    yield page
    visitor.close()


def there(page: Page) -> Locator:
    """Return the lanes of who is in the picture."""
    return page.locator(".live-lane").filter(has=page.locator(".lane-now[data-emotion=happy]"))


def lane(page: Page, number: str) -> Locator:
    return page.locator(".live-lane").filter(has=page.locator(".lane-number", has_text=re.compile(f"^{number}$")))


def test_the_headline_stays_with_one_of_two_who_sway_for_a_minute(page: Page) -> None:
    page.evaluate(WATCH)
    page.wait_for_timeout(WATCHED_MS)
    assert page.evaluate("window.changes") == []
    expect(there(page)).to_have_count(2)


def test_the_lane_of_whom_the_headline_speaks_is_brought_out(page: Page) -> None:
    spoken = page.locator(".live-lane.spoken .lane-number")
    expect(page.locator("#now-who")).to_have_text(f"Person {spoken.inner_text()}, closest to the camera")


def other(page: Page) -> str:
    """Return the number of the person in the picture of whom the headline does not speak."""
    return (
        page.locator(".live-lane:not(.spoken)")
        .filter(has=page.locator("[data-emotion=happy]"))
        .first.locator(".lane-number")
        .inner_text()
    )


@pytest.mark.parametrize("by", ["click", "keyboard"])
def test_somebody_is_picked_by_their_lane_and_let_go_by_it(page: Page, by: str) -> None:
    number = other(page)
    button = lane(page, number).locator(".lane-pick")
    for expected, pressed in ((f"Person {number}, chosen", "true"), (re.compile("closest"), "false")):
        if by == "click":
            button.click()
        else:
            button.press("Enter")
        expect(page.locator("#now-who")).to_have_text(expected)
        expect(button).to_have_attribute("aria-pressed", pressed)


def test_somebody_is_picked_by_their_face_in_the_picture(page: Page) -> None:
    box = page.locator("#overlay").bounding_box()
    assert box is not None
    half = box["height"] * 4 / 3 / 4
    picked = set()
    for side in (-half, half):
        page.mouse.click(box["x"] + box["width"] / 2 + side, box["y"] + box["height"] * 0.36)
        expect(page.locator("#now-who")).to_have_text(re.compile(r"Person \d+, chosen"))
        page.wait_for_timeout(300)
        picked.add(page.locator("#now-who").inner_text())
    assert len(picked) == 2


def test_who_is_pinned_stays_when_somebody_else_is_larger(page: Page) -> None:
    number = other(page)
    lane(page, number).locator(".lane-pin").click()
    page.wait_for_timeout(4000)
    expect(page.locator("#now-who")).to_have_text(f"Person {number}, pinned")
    expect(page.locator(".live-lane.spoken .lane-number")).to_have_text(number)
    lane(page, number).locator(".lane-pin").click()
    expect(page.locator("#now-who")).to_have_text(re.compile("closest"))


def test_picture_bars_and_lanes_are_in_one_view_of_every_window(page: Page) -> None:
    for width, height in WINDOWS:
        page.set_viewport_size({"width": width, "height": height})
        page.wait_for_timeout(300)
        assert page.evaluate("scrollY") == 0
        for part in ("#screen", ".controls", "#now-label", "#bars", "#lanes", "#lanes-axis"):
            box = page.locator(part).bounding_box()
            assert box is not None
            within = box["x"] >= 0 and box["x"] + box["width"] <= width and box["y"] + box["height"] <= height
            assert within, (width, height, part, box)
        screen = page.locator("#screen").bounding_box()
        assert screen is not None
        assert screen["width"] * screen["height"] > 0.2 * width * height
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        covered = page.locator("#lanes-axis").evaluate(
            "node => { const box = node.getBoundingClientRect();"
            " return document.elementFromPoint(box.x + box.width / 2, box.bottom - 2) === node; }"
        )
        assert covered, (width, height)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_no_serious_fault_while_two_are_read(page: Page, scheme: str) -> None:
    page.emulate_media(color_scheme=scheme)
    page.click("#details")
    lane(page, other(page)).locator(".lane-pin").click()
    assert faults(page) == []
