"""What the live page is given to see: a video, several cameras, none, a refused one, a page that may have none."""

from __future__ import annotations

import base64
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from scripts.browser import cameras, launch, sign_in
from tests.support.servers import Server

from .conftest import PASSWORD, USERNAME, Visitor, new_context
from .home import expect_a_smile

NAMED = "visionai.example"
# Draws a picture that moves a little, frame by frame, and records what it draws.
RECORD = """async ([data, frames]) => {
  const bytes = Uint8Array.from(atob(data), (letter) => letter.charCodeAt(0));
  const picture = await createImageBitmap(new Blob([bytes]));
  const canvas = Object.assign(document.createElement("canvas"), { width: 480, height: 480 });
  const context = canvas.getContext("2d");
  const recorder = new MediaRecorder(canvas.captureStream(), { mimeType: "video/webm;codecs=vp8" });
  const parts = [];
  recorder.ondataavailable = ({ data: part }) => parts.push(part);
  const stopped = new Promise((resolve) => { recorder.onstop = resolve; });
  recorder.start();
  for (let frame = 0; frame < frames; frame += 1) {
    context.drawImage(picture, 8 * Math.sin(frame / 5) - 16, -16);
    await new Promise(requestAnimationFrame);
  }
  recorder.stop();
  await stopped;
  const whole = new Uint8Array(await new Blob(parts).arrayBuffer());
  return btoa(Array.from(whole, (byte) => String.fromCharCode(byte)).join(""));
}"""


@pytest.fixture(scope="module")
def film(browser: Browser, server: Server, photo: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The file of a few seconds of a smiling face."""
    context = new_context(browser, server)
    page = context.new_page()
    page.goto("/")
    page.set_input_files("#file", photo)
    expect_a_smile(page)  # The weights are loaded: a film is not over before its first frame is read.
    recorded = page.evaluate(RECORD, [base64.b64encode(photo.read_bytes()).decode(), 360])
    context.close()
    file = tmp_path_factory.mktemp("film") / "film.webm"
    file.write_bytes(base64.b64decode(recorded))
    return file


def test_a_video_is_played_read_to_its_end_and_summed_up(visit: Visitor, film: Path) -> None:
    page = visit("/live")
    with page.expect_file_chooser() as chooser:
        page.click("#agree-video")
    chooser.value.set_files(film)
    expect(page.locator("#overlay")).to_have_attribute("data-emotions", "happy")
    expect(page.locator("#consent")).to_be_hidden()
    expect(page.locator("#video")).not_to_have_class(re.compile("mirrored"))
    expect(page.locator("#clock")).to_have_text(re.compile(r"^0:0\d( / 0:0\d)?$"))
    expect(page.locator("#summary")).to_be_visible()
    expect(page.locator("#summary-common")).to_have_text("Happiness")
    page.click("#again")
    page.set_input_files("#video-file", film)
    expect(page.locator("#overlay")).to_have_attribute("data-emotions", "happy")


def test_after_a_video_that_cannot_be_played_another_one_is_chosen_and_no_camera_starts(
    visit: Visitor, film: Path, tmp_path: Path
) -> None:
    broken = tmp_path / "video.mp4"
    broken.write_bytes(b"not a video")
    page = visit("/live")
    page.set_input_files("#video-file", broken)
    expect(page.locator("#trouble-title")).to_have_text("This video cannot be played")
    with page.expect_file_chooser() as chooser:
        page.click("#trouble-again")
    assert page.evaluate("document.getElementById('video').srcObject") is None
    chooser.value.set_files(film)
    expect(page.locator("#overlay")).to_have_attribute("data-emotions", "happy")


@pytest.fixture
def visit_with(browser: Browser, server: Server) -> Iterator[Callable[..., Visitor]]:
    """Make visitors whose browser was started with other switches."""
    opened: list[tuple[Browser, Visitor]] = []

    def make(*switches: str) -> Visitor:
        other = launch(browser.browser_type, *switches)
        opened.append((other, Visitor(other, server)))
        return opened[-1][1]

    yield make
    for other, visitor in opened:
        visitor.close()
        other.close()


def test_another_camera_is_chosen_while_one_runs(visit_with: Callable[..., Visitor]) -> None:
    page = visit_with(*cameras(2))("/live")
    page.click("#agree")
    expect(page.locator("#camera option")).to_have_count(2)
    expect(page.locator("#meter-fps")).to_have_text(re.compile(r"\d"))
    used = "document.getElementById('video').srcObject?.getVideoTracks()[0].getSettings().deviceId"
    first = page.evaluate(used)
    assert page.locator("#camera").input_value() == first
    page.select_option("#camera", index=1 - page.evaluate("document.getElementById('camera').selectedIndex"))
    expect(page.locator("#camera")).not_to_have_value(first)
    expect(page.locator("#screen")).to_have_class(re.compile("running"))
    expect(page.locator("#meter-fps")).to_have_text(re.compile(r"\d"))
    assert page.evaluate(used) == page.locator("#camera").input_value() != first


def test_a_camera_that_is_not_there_is_said_to_be_missing(visit_with: Callable[..., Visitor]) -> None:
    page = visit_with("--use-fake-ui-for-media-stream")("/live")
    page.click("#agree")
    expect(page.locator("#trouble-title")).to_have_text("No camera found")


def test_who_refuses_the_camera_is_told_how_to_allow_it(visit_with: Callable[..., Visitor]) -> None:
    page = visit_with("--use-fake-device-for-media-stream")("/live", permissions=[])
    page.click("#agree")
    expect(page.locator("#trouble-title")).to_have_text("Camera access is blocked")
    expect(page.locator("#trouble-text")).to_contain_text("beside the address of this page")
    page.context.grant_permissions(["camera"])
    page.click("#trouble-again")
    expect(page.locator("#meter-fps")).to_have_text(re.compile(r"\d"))


@pytest.fixture
def over_plain_http(visit_with: Callable[..., Visitor]) -> Visitor:
    """Visit by a name that is neither https nor localhost, where browsers give no camera."""
    visit = visit_with(*cameras(1), f"--host-resolver-rules=MAP {NAMED} 127.0.0.1")
    visit.expected.append("Cross-Origin-Opener-Policy header has been ignored")  # As each browser says over plain http.
    return visit


def test_a_page_that_may_have_no_camera_says_so_and_reads_a_video(
    over_plain_http: Visitor, server: Server, film: Path
) -> None:
    page = over_plain_http("/live", base_url=f"http://{NAMED}:{server.port}", permissions=[])
    assert not page.evaluate("isSecureContext")
    page.click("#agree")
    expect(page.locator("#trouble-title")).to_have_text("The camera needs a secure page")
    expect(page.locator("#trouble-text")).to_contain_text("https")
    page.set_input_files("#video-file", film)
    expect(page.locator("#overlay")).to_have_attribute("data-emotions", "happy")


def test_over_plain_http_one_stays_signed_in(over_plain_http: Visitor, server: Server) -> None:
    page = over_plain_http.new_page(base_url=f"http://{NAMED}:{server.port}", permissions=[])
    sign_in(page, USERNAME, PASSWORD)
    page.goto("/history")
    expect(page.locator("#rows time").first).to_be_visible()
