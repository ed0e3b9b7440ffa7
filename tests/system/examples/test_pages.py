"""The example pages in a real browser, before a real server, under the policy that it sends."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests
from playwright.sync_api import Browser, ConsoleMessage, Page, expect, sync_playwright

from scripts.browser import CHROMIUM, MISSING, camera_of, launch

PATIENCE_MS = 30_000
PASSWORD = "a good long one"

expect.set_options(timeout=PATIENCE_MS)


@pytest.fixture(scope="module")
def chromium(photo: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    """Debian's Chromium, whose camera shows the picture for ever; skips where there is none."""
    if not CHROMIUM.exists():
        pytest.skip(f"{MISSING}: tests in a browser are skipped.")
    camera = tmp_path_factory.mktemp("camera") / "camera.mjpeg"
    camera.write_bytes(photo.read_bytes() * 10)
    with sync_playwright() as playwright:
        browser = launch(playwright.chromium, *camera_of(camera))
        yield browser
        browser.close()


@pytest.fixture
def page(chromium: Browser) -> Iterator[Page]:
    """A page on whose console nothing may go wrong, such as a script that the policy forbids."""
    page = chromium.new_page()
    problems: list[str] = []

    def note(message: ConsoleMessage) -> None:
        if message.type == "error" and "favicon" not in message.location.get("url", ""):
            problems.append(message.text)

    page.on("console", note)
    page.on("pageerror", lambda error: problems.append(str(error)))
    yield page
    page.close()
    assert problems == []


@pytest.fixture
def connected(page: Page, server_url: str) -> Page:
    page.goto(f"{server_url}/examples/test_websocket.html")
    page.click("#connect")
    expect(page.locator("#emotions")).to_be_enabled()
    return page


@pytest.mark.parametrize("command", ["emotions", "model_info", "health"])
def test_each_command_is_answered_in_the_log(connected: Page, command: str) -> None:
    connected.click(f"#{command}")
    expect(connected.locator("#log")).to_contain_text(re.compile(f'"type": ?"{command}"'))


@pytest.mark.parametrize("way", ["binary", "base64"])
def test_a_picture_is_read_both_ways(connected: Page, photo: Path, way: str) -> None:
    connected.set_input_files("#file", photo)
    connected.click(f"#{way}")
    expect(connected.locator("#answer")).to_contain_text("happy")


def test_the_camera_streams_until_it_is_stopped(connected: Page) -> None:
    connected.click("#camera")
    expect(connected.locator("#answer")).to_contain_text("happy")
    connected.click("#stop")
    expect(connected.locator("#stop")).to_be_disabled()


def test_disconnecting_ends_what_can_be_asked(connected: Page) -> None:
    connected.click("#disconnect")
    expect(connected.locator("#emotions")).to_be_disabled()


def test_with_a_user_the_answer_is_the_users(page: Page, server_url: str, photo: Path) -> None:
    account = {"username": "browser", "password": PASSWORD}
    requests.post(f"{server_url}/api/v1/auth/register", json=account, timeout=10)
    page.goto(f"{server_url}/examples/test_websocket_auth.html")
    page.fill("#username", "browser")
    page.fill("#password", PASSWORD)
    page.press("#password", "Enter")
    expect(page.locator("#send")).to_be_enabled()
    page.set_input_files("#file", photo)
    page.click("#send")
    expect(page.locator("#answer")).to_contain_text("(browser)")
    page.click("#stats")
    expect(page.locator("#log")).to_contain_text("total_predictions")


def test_a_page_with_nothing_but_a_script_reads_a_picture(page: Page, server_url: str, photo: Path) -> None:
    page.goto(f"{server_url}/examples/browser.html")
    page.set_input_files("input", photo)
    expect(page.locator("output")).to_contain_text("happy")
