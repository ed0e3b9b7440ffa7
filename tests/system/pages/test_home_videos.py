"""A video that comes to the home page: handed to the live page within the browser, and read there once agreed to."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import Page, expect

from .conftest import Visitor, arrive
from .home import bring, expect_a_smile
from .test_sources import film  # noqa: F401

STORES = "indexedDB.databases().then((all) => all.length)"


def drop_video(page: Page, video: Path) -> None:
    bring(page, "drop", ("a clip.webm", "video/webm", video.read_bytes()))
    arrive(page, "/live")
    expect(page.locator("#handed")).to_have_text("Your video: a clip.webm")


def test_a_video_waits_on_the_live_page_for_consent_and_is_read_then(visit: Visitor, film: Path) -> None:  # noqa: F811
    page = visit("/")
    drop_video(page, film)
    assert page.evaluate("document.getElementById('video').src") == ""
    page.click("#agree-handed")
    expect(page.locator("#overlay")).to_have_attribute("data-emotions", "happy")
    expect(page.locator("#handed")).to_have_count(0)


def test_nothing_of_a_video_stays_in_the_browser_once_it_was_taken(visit: Visitor, film: Path) -> None:  # noqa: F811
    page = visit("/")
    drop_video(page, film)
    assert page.evaluate(STORES) == 0
    page.reload()
    expect(page.locator("#agree")).to_be_enabled()
    expect(page.locator("#handed")).to_have_count(0)


def test_a_video_that_nobody_came_for_is_deleted_at_the_next_visit(visit: Visitor) -> None:
    page = visit("/")
    page.evaluate(
        """async () => {
          const shell = document.querySelector('script[src$="core/shell.js"]').src;
          const { leaveFile } = await import(shell.replace("shell", "handover"));
          const now = Date.now;
          Date.now = () => now() - 3_600_000;
          await leaveFile(new File(["film"], "film.webm"));
        }"""
    )
    assert page.evaluate(STORES) == 1
    page.reload()
    page.wait_for_function(f"{STORES}.then((count) => count === 0)")


def test_a_video_among_pictures_is_said_to_be_left_out(visit: Visitor, photo: Path) -> None:
    page = visit("/")
    bring(page, "drop", ("clip.mp4", "video/mp4", b"a video"), ("photo.jpg", "image/jpeg", photo.read_bytes()))
    expect_a_smile(page)
    expect(page.locator("#set-aside")).to_be_visible()
