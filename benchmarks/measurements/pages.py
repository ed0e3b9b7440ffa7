"""How long each page takes until it can be used, in Chromium before a week of readings, as the slowest and the median
of several visits by somebody who is signed in.

A page can be used once its own scripts listen and what it is for is on the screen: the main button can be pressed or
the form sent; on the dashboard, the history, the report and the model page the figures are there and the charts drawn.
It counts from the click that leads there to the end of the first frame that shows it. First visits find an empty cache.
*Again* is the next visit with what the browser kept. *Phone* is a first visit with a quarter of the processor's speed,
10 Mbit/s and 40 ms to the server. Bytes are all that came over the network, headers included.

The session is one of an hour and three people, usable when their lanes are drawn. The first result counts from the
click on a sample picture to the frame that shows what was read of it, on a page that is there.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from statistics import median

from playwright.sync_api import Browser, BrowserContext, Page, StorageState, sync_playwright

from scripts import browser, example_data, example_sessions
from scripts.example_sessions import Example
from tests.support.places import PLACES, Place

from ..bench import Bench
from ..results import Row, judged, readable
from ..servers import Server

TITLE = "Pages"
USERNAME, PASSWORD = "ana", "una frase larga"
RESEARCHER = "investigadora"
HOUR = 3600
LONG = Example("An hour", "P-01", 0.2, HOUR, [(0, HOUR)] * 3, [(600, "question 1"), (1800, "question 2")])
LEFT_OUT = ("invitation", "missing")
# Looks at each frame, so that what is timed has been painted.
WATCH = """window.usable = new Promise((resolve) => {
  const there = () => [...document.querySelectorAll(%r)].some((node) => node.checkVisibility());
  const painted = () => resolve(performance.now());
  const look = () => (there() ? requestAnimationFrame(() => setTimeout(painted)) : requestAnimationFrame(look));
  requestAnimationFrame(look);
})"""
FIRST_RESULT = """() => new Promise((resolve) => {
  const began = performance.now();
  const read = () => document.querySelector("#outcome .verdict")?.checkVisibility();
  const painted = () => resolve(performance.now() - began);
  const look = () => (read() ? requestAnimationFrame(() => setTimeout(painted)) : requestAnimationFrame(look));
  document.querySelector(".sample").click();
  requestAnimationFrame(look);
})"""
BYTES = """performance.getEntries().filter(({ entryType: type }) => type === "navigation" || type === "resource")
  .reduce((sum, { transferSize }) => sum + transferSize, 0)"""
PHONE_SLOWER, PHONE_LATENCY_MS, PHONE_BYTES_A_SECOND = 4, 40, 10_000_000 / 8


@dataclass(slots=True)
class Visits:
    """Visits of one kind: seconds until the page could be used, and bytes of each."""

    seconds: list[float] = field(default_factory=list)
    sizes: list[int] = field(default_factory=list)

    def add(self, visit: tuple[float, int]) -> None:
        self.seconds.append(visit[0])
        self.sizes.append(visit[1])


def measure(bench: Bench) -> list[Row]:
    """Return for each page the time of a first visit, with what other visits took beside it."""
    if not browser.CHROMIUM.exists():
        return [Row(browser.MISSING, "not measured")]
    url = bench.cluster.new_database()
    rounds = max(1, int(bench.scale.seconds / 2))
    with Server(url) as server, sync_playwright() as playwright:
        example_data.fill(server.folder, USERNAME, PASSWORD, url)
        chromium = browser.launch(playwright.chromium)
        state = _signed_in(chromium, server, USERNAME)
        places = [place for place in PLACES if place.name not in LEFT_OUT]
        rows = [_row(chromium, server, place, state if place.own else None, rounds) for place in places]
        rows.append(_long_session(chromium, server, url, rounds))
        rows.append(_first_result(chromium, server, rounds))
        chromium.close()
    return rows


def _long_session(chromium: Browser, server: Server, url: str, rounds: int) -> Row:
    (uid,) = example_sessions.fill(server.folder, RESEARCHER, PASSWORD, [LONG], url)
    place = Place("session of an hour", f"/sessions/{uid}", ".timeline-chart .lane", own=True)
    row = _row(chromium, server, place, _signed_in(chromium, server, RESEARCHER), rounds)
    return replace(row, what="A session of an hour, three people")


def _first_result(chromium: Browser, server: Server, rounds: int) -> Row:
    seconds = []
    for number in range(rounds + 1):
        with _context(chromium, server, None) as context:
            page = context.new_page()
            page.goto("/", wait_until="networkidle")
            milliseconds: float = page.evaluate(FIRST_RESULT)
        if number:
            seconds.append(milliseconds / 1000)
    note = f" (slowest {readable(max(seconds), 's')})"
    return judged("First result of a sample picture, 1 click", median(seconds), "s", 1.0, 0.5, note)


def _signed_in(chromium: Browser, server: Server, username: str) -> StorageState:
    with _context(chromium, server, None) as context:
        browser.sign_in(context.new_page(), username, PASSWORD)
        return context.storage_state()


def _row(chromium: Browser, server: Server, place: Place, state: StorageState | None, rounds: int) -> Row:
    first, again, phone = Visits(), Visits(), Visits()
    for number in range(rounds + 1):
        with _context(chromium, server, state) as context:
            visits = _visit(context.new_page(), place), _visit(context.new_page(), place)
        with _context(chromium, server, state) as context:
            slow = _visit(_as_on_a_phone(context.new_page()), place)
        if number:  # The server's own first time is another measurement's.
            first.add(visits[0])
            again.add(visits[1])
            phone.add(slow)
    note = (
        f" (slowest {readable(max(first.seconds), 's')}; {readable(median(first.sizes) / 1000, 'KB')}; "
        f"again {readable(median(again.seconds), 's')}, {readable(median(again.sizes) / 1000, 'KB')}; "
        f"phone {readable(median(phone.seconds), 's')})"
    )
    return judged(f"`{place.path}`", median(first.seconds), "s", 1.0, 0.5, note)


@contextmanager
def _context(chromium: Browser, server: Server, state: StorageState | None) -> Iterator[BrowserContext]:
    """Yield a browser with an empty cache."""
    context = chromium.new_context(
        base_url=server.url, storage_state=state, viewport={"width": 1280, "height": 800}, reduced_motion="reduce"
    )
    yield context
    context.close()


def _as_on_a_phone(page: Page) -> Page:
    devtools = page.context.new_cdp_session(page)
    devtools.send("Emulation.setCPUThrottlingRate", {"rate": PHONE_SLOWER})
    limits = {"downloadThroughput": PHONE_BYTES_A_SECOND, "uploadThroughput": PHONE_BYTES_A_SECOND}
    devtools.send("Network.enable")
    devtools.send("Network.emulateNetworkConditions", {"offline": False, "latency": PHONE_LATENCY_MS, **limits})
    return page


def _visit(page: Page, place: Place) -> tuple[float, int]:
    """Return the seconds until `place` can be used, and the bytes that came in all."""
    page.add_init_script(WATCH % place.ready)
    page.goto(place.path)
    milliseconds: float = page.evaluate("window.usable")
    page.wait_for_load_state("networkidle")
    size: int = page.evaluate(BYTES)
    page.close()
    return milliseconds / 1000, size
