"""Debian's Chromium, as tests, benchmarks and the pictures of the pages drive it: headless, alone, and quiet."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from urllib.parse import urlsplit

from playwright.sync_api import Browser, BrowserType, Page, expect

CHROMIUM = Path("/usr/bin/chromium")
MISSING = "No Chromium on this machine (apt-get install chromium)"
SWITCHES = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


def launch(chromium: BrowserType, *switches: str, without: Sequence[str] = ()) -> Browser:
    """Start Debian's browser with `switches` besides those that keep it quiet; a camera is there if they give one.

    `without` leaves out switches that Playwright would add.
    """
    return chromium.launch(
        executable_path=CHROMIUM, args=[*SWITCHES, *switches], ignore_default_args=list(without) or None
    )


def camera_of(file: Path) -> tuple[str, ...]:
    """Return the switches of a camera that plays the JPEGs of `file` again and again."""
    return (*cameras(1), f"--use-file-for-fake-video-capture={file}")


def cameras(count: int) -> tuple[str, ...]:
    """Return the switches of `count` cameras that see a test pattern."""
    return "--use-fake-ui-for-media-stream", f"--use-fake-device-for-media-stream=device-count={count}"


def sign_in(page: Page, username: str, password: str) -> None:
    """Sign in by the form, and wait until the page that comes next greets who did."""
    page.goto("/sign-in")
    page.fill("#username", username)
    page.fill("#password", password)
    page.press("#password", "Enter")
    page.wait_for_url(lambda url: urlsplit(url).path != "/sign-in")
    expect(page.locator("#account-name")).to_have_text(username)
