"""The live page shows what is so: what is old is shown as old, what is gone is said, and hidden tabs read on."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.support.servers import start_server

from .conftest import Visitor
from .test_everywhere import faults
from .test_live import expect_a_smile, start_camera

ENDED = "document.getElementById('video').srcObject.getVideoTracks()[0].dispatchEvent(new Event('ended'))"
WITHOUT_PROCESSOR = "delete globalThis.MediaStreamTrackProcessor"
# The headless browser says of every tab that it is visible.
HIDE = """hidden => {
  Object.defineProperty(document, "hidden", { value: hidden, configurable: true });
  document.dispatchEvent(new Event("visibilitychange"));
}"""
COLOURS = """node => {
  const { data } = node.getContext("2d").getImageData(0, 0, node.width, node.height);
  return new Set(new Uint32Array(data.buffer)).size;
}"""
STALE, LAST_SEEN = re.compile(r"\bstale\b"), re.compile(r"^Last seen \d+ s ago\.$")


def expect_nothing_shown(page: Page) -> None:
    expect(page.locator("#now-name")).to_have_text("–")
    expect(page.locator("#bars .value").first).to_have_text("–")
    expect(page.locator("#overlay")).not_to_have_attribute("data-emotions", re.compile("."))
    expect(page.locator("#faces-count")).to_be_empty()
    expect(page.locator("#live")).not_to_have_class(STALE)


def test_what_is_paused_is_shown_as_old_and_then_not_at_all(visit: Visitor) -> None:
    page = visit("/live")
    start_camera(page)
    expect(page.locator("#meter-fps")).to_have_text(re.compile(r"\d"))
    expect(page.locator(".live-lane")).to_have_count(1)
    page.click("#toggle")
    expect(page.locator("#live")).to_have_class(STALE)
    expect(page.locator("#connection")).to_have_text("Paused")
    expect(page.locator("#connection")).to_have_attribute("data-state", "paused")
    expect(page.locator("#now-note")).to_have_text(LAST_SEEN)
    expect(page.locator("#meter-fps")).to_have_text("–")
    assert faults(page) == []
    expect_nothing_shown(page)
    expect(page.locator(".live-lane")).to_have_count(1)
    page.click("#toggle")
    expect_a_smile(page)
    expect(page.locator("#live")).not_to_have_class(STALE)


def test_what_was_read_before_the_connection_was_lost_is_shown_as_old_and_then_not_at_all(
    browser: Browser, tmp_path: Path
) -> None:
    mortal = start_server(tmp_path / "mortal")
    visit = Visitor(browser, mortal)
    visit.expected.append("ERR_CONNECTION_REFUSED")
    page = visit("/live")
    start_camera(page)
    expect(page.locator(".live-lane")).to_have_count(1)
    mortal.kill()
    expect(page.locator("#live")).to_have_class(STALE)
    expect(page.locator("#now-note")).to_have_text(LAST_SEEN)
    expect(page.locator("#lost")).to_have_text("Connection lost. Reconnecting…")
    expect_nothing_shown(page)
    expect(page.locator(".live-lane")).to_have_count(1)
    visit.close()


def test_a_camera_that_is_pulled_out_leaves_everything_and_goes_on_when_it_is_back(visit: Visitor) -> None:
    page = visit("/live")
    start_camera(page, keep=True)
    expect(page.locator(".live-lane")).to_have_count(1)
    session = page.locator("#recording-uid").inner_text()
    page.evaluate(ENDED)
    expect(page.locator("#trouble-title")).to_have_text("The camera was disconnected")
    expect(page.locator(".live-lane")).to_have_count(1)
    expect(page.locator("#connection")).to_have_text("Paused")
    assert faults(page) == []
    page.evaluate("navigator.mediaDevices.dispatchEvent(new Event('devicechange'))")
    expect(page.locator("#trouble-title")).to_have_text("The camera is back")
    expect(page.locator("#trouble-again")).to_have_text("Resume")
    page.click("#trouble-again")
    expect_a_smile(page)
    expect(page.locator("#recording-uid")).to_have_text(session)
    expect(page.locator("#keeping")).to_be_visible()


def test_a_camera_that_is_not_back_yet_is_still_said_to_be_disconnected(visit: Visitor) -> None:
    page = visit("/live")
    start_camera(page)
    expect(page.locator(".live-lane")).to_have_count(1)
    page.evaluate(ENDED)
    page.evaluate("""() => {
      const { mediaDevices } = navigator;
      mediaDevices.enumerateDevices = async () => [];
      mediaDevices.getUserMedia = async () => { throw new DOMException("", "OverconstrainedError"); };
      mediaDevices.dispatchEvent(new Event("devicechange"));
    }""")
    page.click("#trouble-again")
    expect(page.locator("#trouble-title")).to_have_text("The camera was disconnected")
    page.click("#trouble-stop")
    expect(page.locator("#summary")).to_be_visible()


def test_a_camera_that_is_plugged_in_later_can_be_chosen(visit: Visitor) -> None:
    page = visit("/live")
    start_camera(page)
    expect(page.locator("#camera")).to_be_hidden()
    page.evaluate("""async () => {
      const { mediaDevices } = navigator;
      const before = await mediaDevices.enumerateDevices();
      const another = { kind: "videoinput", deviceId: "new", label: "Another" };
      mediaDevices.enumerateDevices = async () => [...before, another];
      mediaDevices.dispatchEvent(new Event("devicechange"));
    }""")
    expect(page.locator("#camera option")).to_have_count(2)
    expect(page.locator("#camera option").last).to_have_text("Another")


def test_a_camera_is_read_on_behind_another_tab(visit: Visitor) -> None:
    page = visit("/live")
    start_camera(page)
    other = page.context.new_page()
    other.goto("/privacy")
    other.bring_to_front()
    page.evaluate("""() => {
      window.answers = 0;
      new MutationObserver(() => { window.answers += 1; })
        .observe(document.getElementById("overlay"), { attributeFilter: ["data-emotions"] });
    }""")
    page.evaluate(HIDE, True)
    other.wait_for_timeout(5000)
    assert page.evaluate("window.answers") > 15  # Of a tab whose timers are held to one a second.
    assert page.locator("#connection").inner_text() == "Connected"


def test_where_a_hidden_tab_is_given_no_frames_that_is_said_and_leaves_a_gap(visit: Visitor) -> None:
    page = visit.new_page()
    page.add_init_script(WITHOUT_PROCESSOR)
    page.goto("/live")
    start_camera(page)
    page.evaluate(HIDE, True)
    expect(page).to_have_title("Paused: Live · VisionAI")
    expect(page.locator("#connection")).to_have_text("Paused: hidden")
    page.wait_for_timeout(3000)
    page.evaluate(HIDE, False)
    expect(page).to_have_title("Live · VisionAI")
    expect(page.locator("#asleep")).to_contain_text("was paused while the tab was hidden")
    expect_a_smile(page)
    expect(page.locator("#connection")).to_have_text("Connected")
    page.wait_for_timeout(1000)
    page.click("#stop")
    expect(page.locator("#summary-gaps")).to_have_text(re.compile(r"^1 \(0:0\d\)$"))


def test_the_screen_is_kept_on_while_frames_are_read(visit: Visitor) -> None:
    page = visit.new_page()
    page.add_init_script("""
      window.locks = [];
      navigator.wakeLock.request = async () => {
        const lock = { released: false, release: async () => { lock.released = true; } };
        window.locks.push(lock);
        return lock;
      };
    """)
    page.goto("/live")
    start_camera(page)
    assert page.evaluate("window.locks.map(({ released }) => released)") == [False]
    page.evaluate("window.locks[0].released = true; document.dispatchEvent(new Event('visibilitychange'))")
    page.wait_for_timeout(200)
    assert page.evaluate("window.locks.map(({ released }) => released)") == [True, False]
    page.click("#toggle")
    page.wait_for_timeout(200)
    assert page.evaluate("window.locks.map(({ released }) => released)") == [True, True]


@pytest.mark.parametrize("width", [320, 1280])
def test_nothing_is_too_wide_or_too_faint_in_forced_colours_and_spanish(visit: Visitor, width: int) -> None:
    page = visit("/live", locale="es", forced_colors="active", viewport={"width": width, "height": 640})
    start_camera(page)
    expect(page.locator(".live-lane")).to_have_count(1)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert page.locator(".live-lane canvas").evaluate(COLOURS) > 2
    assert page.locator("#now-label").evaluate("node => getComputedStyle(node, '::before').backgroundColor") != (
        page.locator("#now-label").evaluate("node => getComputedStyle(node).color")
    )
