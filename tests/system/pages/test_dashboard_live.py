"""The dashboard while readings go on: nothing takes the focus or speaks, times tick, and few requests are made."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import requests
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, Request, Route, expect

from tests.support.servers import Server, environment_of, migrate, start_server

from .conftest import Visitor
from .test_dashboard import figure

Read = Callable[[], None]
WATCH = """(ids) => {
    window.rewritten = [];
    for (const id of ids) {
        const node = document.getElementById(id);
        new MutationObserver(() => window.rewritten.push(id))
            .observe(node, { childList: true, subtree: true, characterData: true });
    }
}"""


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server without a reading at first."""
    folder = tmp_path_factory.mktemp("live-dashboard")
    migrate(folder, environment_of(folder))
    server = start_server(folder)
    yield server
    assert server.stop() == 0
    assert "Traceback" not in server.log.read_text()


@pytest.fixture
def read(server: Server, photo: Path) -> Read:
    """Have a picture read and recorded."""

    def send() -> None:
        answer = requests.post(f"{server.url}/api/v1/predict", files={"file": photo.read_bytes()}, timeout=60)
        assert answer.status_code == 200, answer.text

    return send


def grown(page: Page, before: int) -> None:
    """Wait until more is shown to have been seen."""
    page.wait_for_function(
        "(before) => Number(document.querySelector('#total').innerText.replace(/\\D/g, '')) > before", arg=before
    )


def test_where_nothing_was_ever_read_the_page_says_how_to_begin_and_goes_on_by_itself(
    visit: Visitor, read: Read
) -> None:
    page = visit("/dashboard")
    expect(page.locator("#empty-ever")).to_contain_text("No readings yet")
    expect(page.locator("#empty")).to_be_hidden()
    expect(page.locator("#updates")).to_have_attribute("data-state", "on")
    read()
    figure(page)
    expect(page.locator("#empty-ever")).to_be_hidden()


@pytest.mark.parametrize("place", ["#shares-table button", "#rows-toggle", "#time-plot", "#time-table button"])
def test_an_update_leaves_the_focus_where_it_is(visit: Visitor, read: Read, place: str) -> None:
    read()
    page = visit("/dashboard")
    before = figure(page)
    expect(page.locator("#updates")).to_have_attribute("data-state", "on")
    page.get_by_text("Show as a table").click()
    page.locator(place).first.focus()
    page.evaluate("window.focused = document.activeElement")
    for _ in range(2):
        read()
        grown(page, before)
        before = figure(page)
    assert page.evaluate("document.activeElement === window.focused && window.focused.isConnected")


def test_choosing_an_expression_leaves_the_focus_on_it(visit: Visitor, read: Read) -> None:
    read()
    page = visit("/dashboard")
    figure(page)
    button = page.locator("#shares-table").get_by_role("button", name="Happiness")
    button.focus()
    page.keyboard.press("Enter")
    expect(button).to_have_attribute("aria-pressed", "true")
    expect(button).to_be_focused()
    expect(page.locator("#said")).to_have_text(re.compile(r"^\d+ seconds? of Happiness, \d+% of all\.$"))


def test_a_choice_is_said_though_an_update_overtakes_it(visit: Visitor, read: Read) -> None:
    read()
    page = visit("/dashboard")
    figure(page)
    expect(page.locator("#updates")).to_have_attribute("data-state", "on")
    held: list[Route] = []
    page.route("**/api/v1/dashboard/timeline*", lambda route: held.append(route))
    with page.expect_request("**/api/v1/dashboard/timeline*emotion=happy*"):
        page.locator("#shares-table").get_by_role("button", name="Happiness").click()
    with page.expect_request("**/api/v1/dashboard/timeline*emotion=happy*"):
        page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    for route in held:
        route.continue_()
    page.unroute("**/api/v1/dashboard/timeline*")
    expect(page.locator("#said")).to_have_text(re.compile(r"of Happiness, \d+% of all\.$"))


def test_an_update_says_nothing_to_who_listens(visit: Visitor, read: Read) -> None:
    read()
    page = visit("/dashboard")
    before = figure(page)
    expect(page.locator("#updates")).to_have_attribute("data-state", "on")
    live = page.evaluate(
        "[...document.querySelectorAll('[aria-live], [role=status], [role=alert]')].map(({ id }) => id)"
    )
    assert "detail" not in live
    page.evaluate(WATCH, live)
    read()
    grown(page, before)
    page.wait_for_timeout(3000)
    assert page.evaluate("window.rewritten") == []


def test_readings_are_added_from_the_event_before_anything_is_asked_for(visit: Visitor, read: Read) -> None:
    read()
    page = visit("/dashboard")
    expect(page.locator("#updates")).to_have_attribute("data-state", "on")
    before = figure(page)
    read()
    grown(page, before)  # Now the page knows from which figures the next event goes on.
    page.wait_for_timeout(3000)
    before = figure(page)
    page.route("**/api/v1/dashboard/stats*", lambda route: route.abort())
    page.route("**/api/v1/dashboard/timeline*", lambda route: route.abort())
    visit.expected.append("net::ERR_FAILED")
    read()
    grown(page, before)
    shares = page.locator("#shares-table tbody tr").first.locator("td").first
    expect(shares).to_have_text(str(before + 1))
    expect(page.locator("#time-table tbody tr").last.locator("td").first).to_have_text(str(before + 1))


def test_a_stream_of_readings_asks_for_little(visit: Visitor, read: Read) -> None:
    read()
    page = visit("/dashboard")
    expect(page.locator("#updates")).to_have_attribute("data-state", "on")
    figure(page)
    page.wait_for_timeout(4000)
    asked: list[str] = []

    def note(request: Request) -> None:
        if "/api/v1/dashboard/stats" in request.url or "/api/v1/dashboard/timeline" in request.url:
            asked.append(request.url)

    page.on("request", note)
    for _ in range(8):
        read()
        page.wait_for_timeout(700)
    assert len(asked) <= 4


def test_what_was_asked_for_on_opening_is_asked_for_again_a_second_later_at_the_earliest(
    visit: Visitor, read: Read
) -> None:
    read()
    page = visit.new_page()
    asked: list[str] = []
    page.on("request", lambda request: "/dashboard/recent" in request.url and asked.append(request.url))
    words: list[str | bytes] = []
    page.on("websocket", lambda socket: socket.on("framereceived", lambda word: words.append(word)))
    page.clock.install()
    page.clock.pause_at(datetime.now(UTC) + timedelta(minutes=1))
    page.goto("/dashboard")
    while not any("subscribed" in str(word) for word in words):
        page.wait_for_timeout(50)
    page.clock.run_for(900)  # Milliseconds of the page's own clock, which stands still between.
    page.wait_for_timeout(300)
    assert len(asked) == 1
    with page.expect_request("**/dashboard/recent**"):
        page.clock.run_for(200)


def test_a_period_that_is_over_is_not_asked_for_again(visit: Visitor, read: Read) -> None:
    page = visit("/dashboard?period=own&from=2001-01-01&to=2001-01-07")
    expect(page.locator("#empty")).to_be_visible()
    expect(page.locator("#updates")).to_have_attribute("data-state", "on")
    page.wait_for_timeout(2500)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    read()
    page.wait_for_timeout(3500)
    assert asked == []


def test_relative_times_go_on(visit: Visitor, read: Read) -> None:
    read()
    page = visit("/dashboard")
    page.clock.install()
    page.goto("/dashboard")
    newest = page.locator("#latest time").first
    expect(newest).to_be_visible()
    page.clock.fast_forward("05:00")
    expect(newest).to_have_text("5 minutes ago")


MANY = {"angry": 1, "disgust": 0, "fear": 0, "happy": 123_456_789, "neutral": 0, "sad": 0, "surprise": 0}


def with_nine_digits(route: Route) -> None:
    """Answer as a server of many years would."""
    body: dict[str, Any] = route.fetch().json()
    if "timeline" in body:
        body["timeline"][-1] |= {"count": 123_456_790, "by_emotion": MANY}
    else:
        body |= {"total_predictions": 123_456_790, "predictions_by_emotion": MANY}
    route.fulfill(json=body)


def test_nine_digits_are_short_with_the_exact_number_at_hand(visit: Visitor) -> None:
    page = visit.new_page(viewport={"width": 390, "height": 844})
    page.route("**/api/v1/dashboard/stats*", with_nine_digits)
    page.route("**/api/v1/dashboard/timeline*", with_nine_digits)
    page.goto("/dashboard")
    expect(page.locator("#total [aria-hidden]")).to_have_text("123.5M")
    expect(page.locator("#total > span")).to_have_attribute("title", "123,456,790")
    expect(page.locator("#total .visually-hidden")).to_have_text("123,456,790")
    middle, ring = page.locator("#shares-total").bounding_box(), page.locator(".doughnut").bounding_box()
    assert middle
    assert ring
    assert middle["width"] < 0.7 * min(ring["width"], ring["height"])
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


def test_nothing_is_drawn_before_there_is_something(visit: Visitor, read: Read) -> None:
    read()
    page = visit.new_page()
    held: list[Route] = []
    page.route("**/api/v1/dashboard/timeline*", lambda route: held.append(route))
    page.goto("/dashboard")
    expect(page.locator("#board")).to_have_attribute("aria-busy", "true")
    expect(page.locator("#time-chart")).not_to_be_visible()
    expect(page.locator("#shares-of")).to_be_empty()
    page.wait_for_timeout(300)
    for route in held:
        route.continue_()
    page.unroute("**/api/v1/dashboard/timeline*")
    expect(page.locator("#board")).to_have_attribute("aria-busy", "false")
    expect(page.locator("#time-chart")).to_be_visible()


def test_forced_colours_keep_the_expressions_apart(visit: Visitor, read: Read) -> None:
    read()
    page = visit("/dashboard", forced_colors="active")
    figure(page)
    fills = page.evaluate(
        """() => ["#legend [data-emotion=happy]", "#legend [data-emotion=sad]"]
            .map((place) => getComputedStyle(document.querySelector(place)).borderTopColor)"""
    )
    assert fills[0] != fills[1]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_no_fault_with_everything_open_at_320_pixels_in_spanish(
    visit: Visitor, read: Read, scheme: str
) -> None:
    read()
    page = visit(
        "/dashboard?rows=1&emotion=happy&source=picture&version=v9",
        locale="es",
        viewport={"width": 320, "height": 640},
        color_scheme=scheme,
    )
    expect(page.locator("#empty")).to_be_visible()
    page.locator("#chips .chip").nth(2).click()
    expect(page.locator("#latest tbody tr").first).to_be_visible()
    page.locator("details.as-table summary").click()
    assert page.evaluate("document.querySelector('main').scrollWidth") <= 320
    found = Axe().run(page).response["violations"]
    assert [(fault["id"], [node["html"] for node in fault["nodes"]]) for fault in found] == []
