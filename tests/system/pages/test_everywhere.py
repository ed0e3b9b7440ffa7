"""What holds on every page: nobody is shut out, nothing is too wide, too heavy or from elsewhere."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from urllib.parse import urlsplit

import pytest
import requests
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, Response, StorageState, expect

from tests.support.places import PATHS, PLACES, Place
from tests.support.servers import Server

from .conftest import Visitor

MOST_BYTES = 400_000
"""Of a page before compression."""
MOST_SHIFT = 0.1
"""The cumulative layout shift up to which a page counts as good (https://web.dev/articles/cls)."""
WATCH_SHIFTS = """
window.shifted = 0;
new PerformanceObserver((list) => {
  for (const entry of list.getEntries()) if (!entry.hadRecentInput) window.shifted += entry.value;
}).observe({ type: "layout-shift", buffered: true });
"""
SERIOUS = ("serious", "critical")
# Colours of another appearance are faded to.
# What moves ends, and so does what that set off; a page that reads a camera is never still for good.
SETTLED = """async () => {
  for (let round = 0; round < 3; round++) {
    await new Promise(requestAnimationFrame);
    const ending = document.getAnimations().filter((one) => Number.isFinite(one.effect.getComputedTiming().endTime));
    await Promise.allSettled(ending.map((one) => one.finished));
  }
}"""


@dataclass
class Opened:
    """A page that is ready, in Spanish, whose words are longer; `sizes` holds the bytes of each address it loaded."""

    page: Page
    sizes: dict[str, int] = field(default_factory=dict)


@pytest.fixture(scope="module", params=PLACES, ids=str)
def opened(
    request: pytest.FixtureRequest, browser: Browser, server: Server, signed_in: StorageState
) -> Iterator[Opened]:
    """Each page in turn, opened once for all that is asked of it; nothing may go wrong on its console."""
    place: Place = request.param
    visitor = Visitor(browser, server)
    visitor.expected += ["404"] if place.name == "missing" else []
    page = visitor.new_page(locale="es", storage_state=signed_in if place.own else None)
    answers: list[Response] = []
    page.on("response", lambda answer: answers.append(answer))
    page.add_init_script(WATCH_SHIFTS)
    page.goto(place.path, wait_until="networkidle")
    expect(page.locator(place.ready).first).to_be_visible()
    yield Opened(page, {answer.url: len(answer.body()) for answer in answers})
    visitor.close()


def faults(page: Page) -> list[str]:
    """Return what axe-core finds that shuts somebody out, once what moved or faded has come to its end."""
    page.evaluate(SETTLED)
    found = Axe().run(page).response["violations"]
    return [
        f"{fault['id']}: {node['html']} {node['failureSummary']}"
        for fault in found
        if fault["impact"] in SERIOUS
        for node in fault["nodes"]
    ]


def test_nothing_moves_while_a_page_comes(opened: Opened) -> None:
    assert opened.page.evaluate("window.shifted") <= MOST_SHIFT


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_no_serious_fault(opened: Opened, scheme: str) -> None:
    opened.page.emulate_media(color_scheme=scheme)
    assert faults(opened.page) == []


def test_a_phone_never_scrolls_sideways(opened: Opened) -> None:
    opened.page.set_viewport_size({"width": 390, "height": 844})
    assert opened.page.evaluate("document.documentElement.scrollWidth") <= 390


def test_everything_comes_from_this_server(opened: Opened, server: Server) -> None:
    assert {urlsplit(url).netloc for url in opened.sizes} == {urlsplit(server.url).netloc}


def test_a_page_is_light(opened: Opened) -> None:
    assert sum(opened.sizes.values()) < MOST_BYTES


def test_no_script_is_found_only_when_another_has_come(opened: Opened) -> None:
    named = opened.page.evaluate("[...document.querySelectorAll('script, link')].map((node) => node.src || node.href)")
    scripts = {url for url in opened.sizes if url.endswith(".js")}
    assert {url.rpartition("/")[2] for url in scripts - set(named)} <= {"socket.io.js"}  # After the figures.


@pytest.mark.parametrize("path", [*PATHS, "/docs/api"])
def test_a_page_lets_a_browser_do_nothing_it_need_not(path: str, server: Server) -> None:
    headers = requests.get(server.url + path, headers={"Accept": "text/html"}, timeout=30).headers
    policy = dict(part.strip().partition(" ")[::2] for part in headers["Content-Security-Policy"].split(";"))
    assert policy["default-src"] == policy["frame-ancestors"] == policy["base-uri"] == "'none'"
    assert policy["script-src"] == policy["style-src"] == "'self'"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"
    assert "camera=(self)" in headers["Permissions-Policy"]
    assert "microphone=()" in headers["Permissions-Policy"]


@pytest.mark.parametrize("language", ["es", "en"])
@pytest.mark.parametrize("path", PATHS)
def test_a_page_has_a_title_and_says_what_it_is(path: str, language: str, server: Server) -> None:
    page = requests.get(
        server.url + path, headers={"Accept": "text/html", "Accept-Language": language}, timeout=30
    ).text
    assert f'<html lang="{language}"' in page
    assert "<title> · " not in page
    assert '<meta name="description" content="">' not in page


def test_the_document_of_the_api_can_be_read_in_the_browser(visit: Visitor) -> None:
    page = visit("/docs/api")
    page.locator("#operations-tag-auth").wait_for()
