"""The live page before a camera, a video and a server that goes away."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests
from playwright.sync_api import Browser, Page, expect

from tests.support.servers import Server, start_server

from .conftest import Visitor


def start_camera(page: Page, *, keep: bool = False) -> None:
    """Choose whether it is kept, start, and wait until the face is seen."""
    if keep:
        page.check("#record")
    page.click("#agree")
    expect_a_smile(page)


def expect_a_smile(page: Page) -> None:
    expect(page.locator("#overlay")).to_have_attribute("data-emotions", "happy")


def end(page: Page) -> None:
    """Stop, and go on from the summary to the question."""
    page.click("#stop")
    expect(page.locator("#summary")).to_be_visible()
    page.click("#again")


def total(server: Server) -> int:
    count: int = requests.get(f"{server.url}/api/v1/dashboard/stats", timeout=30).json()["total_predictions"]
    return count


def test_nothing_is_sent_before_consent(visit: Visitor, server: Server) -> None:
    page = visit("/live")
    expect(page.locator("#consent")).to_contain_text("No picture, no video and no sound is ever kept")
    expect(page.locator("#toggle")).to_be_disabled()
    assert requests.get(f"{server.url}/api/v1/health", timeout=30).json()["clients_connected"] == 0


def test_a_smile_before_the_camera_is_read_and_reaches_the_dashboard_without_a_reload(
    visit: Visitor, server: Server
) -> None:
    board = visit("/dashboard?period=24h")
    expect(board.locator("#updates")).to_have_attribute("data-state", "on")
    expect(board.locator("#total")).to_have_text(re.compile(r"\d"))
    before = board.locator("#total").inner_text()
    page = visit("/live")
    start_camera(page, keep=True)
    expect(page.locator("#now-name")).to_have_text("Happiness")
    expect(page.locator("#meter-fps")).to_have_text(re.compile(r"\d"))
    expect(page.locator("#meter-rtt")).to_have_text(re.compile(r"\d+ ms"))
    expect(board.locator("#total")).not_to_have_text(before)
    expect(board.locator("#latest tbody tr").first).to_contain_text("Happiness")


def test_who_does_not_choose_to_keep_figures_leaves_none(visit: Visitor, server: Server) -> None:
    page = visit("/live")
    before = total(server)
    start_camera(page)
    expect(page.locator("#meter-fps")).to_have_text(re.compile(r"\d"))
    end(page)
    assert total(server) == before


def test_pause_holds_the_picture_and_after_the_summary_it_is_asked_again(visit: Visitor) -> None:
    page = visit("/live")
    start_camera(page)
    page.click("#toggle")
    expect(page.locator("#screen")).not_to_have_class(re.compile("running"))
    assert page.evaluate("document.getElementById('video').paused")
    page.click("#toggle")
    expect(page.locator("#screen")).to_have_class(re.compile("running"))
    end(page)
    expect(page.locator("#consent")).to_be_visible()
    assert page.evaluate("document.getElementById('video').srcObject") is None


WITHOUT_CAMERA = {
    "refused": ("NotAllowedError", "Camera access is blocked"),
    "missing": ("NotFoundError", "No camera found"),
    "busy": ("NotReadableError", "The camera is in use"),
}


@pytest.mark.parametrize(("error", "title"), WITHOUT_CAMERA.values(), ids=WITHOUT_CAMERA)
def test_why_there_is_no_camera_is_said(visit: Visitor, error: str, title: str) -> None:
    page = visit("/live")
    page.evaluate(
        "name => { navigator.mediaDevices.getUserMedia = async () => { throw new DOMException('', name) } }", error
    )
    page.click("#agree")
    expect(page.locator("#trouble-title")).to_have_text(title)
    expect(page.locator("#trouble-video")).to_be_visible()


def test_a_file_that_is_no_video_is_said_to_be_none(visit: Visitor, tmp_path: Path) -> None:
    file = tmp_path / "video.mp4"
    file.write_bytes(b"not a video")
    page = visit("/live")
    page.set_input_files("#video-file", file)
    expect(page.locator("#trouble-title")).to_have_text("This video cannot be played")


@pytest.fixture
def mortal(tmp_path: Path) -> Iterator[Server]:
    """A server that a test may stop."""
    server = start_server(tmp_path / "mortal")
    yield server
    server.stop()


def test_a_lost_connection_is_said_and_comes_back_by_itself(browser: Browser, mortal: Server) -> None:
    visit = Visitor(browser, mortal)
    visit.expected.append("ERR_CONNECTION_REFUSED")
    page = visit("/live")
    start_camera(page)
    mortal.kill()
    expect(page.locator("#lost")).to_contain_text("Connection lost")
    expect(page.locator("#connection")).to_have_attribute("data-state", "off")
    again = start_server(mortal.folder, mortal.port)
    expect(page.locator("#lost")).to_be_hidden()
    expect_a_smile(page)
    visit.close()
    again.stop()
