"""A real browser before a real server, with a week of readings to show and a smiling face before the camera."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, StorageState, expect, sync_playwright

from scripts import example_data, example_sessions, faces
from scripts.browser import CHROMIUM, MISSING, camera_of, launch, sign_in
from tests.support.servers import Server, environment_of, migrate, start_server

PATIENCE_MS = 45_000
ABANDONED = "WebSocket is closed before the connection is established"
"""What the browser says where somebody leaves a page that has only begun to connect."""
USERNAME, PASSWORD = "ana", "una frase larga"
RESEARCHER = "researcher"
"""Who has recorded the sessions of `scripts.example_sessions`."""


@pytest.fixture(scope="package")
def camera(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What the camera sees."""
    return faces.write_camera(tmp_path_factory.mktemp("camera") / "camera.mjpeg")


@pytest.fixture(scope="package")
def photo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The file of a smiling face."""
    return faces.write_photo(tmp_path_factory.mktemp("photo") / "photo.jpg")


@pytest.fixture(scope="package")
def browser(camera: Path) -> Iterator[Browser]:
    """Debian's Chromium; skips where there is none."""
    if not CHROMIUM.exists():
        pytest.skip(f"{MISSING}: tests in a browser are skipped.")
    expect.set_options(timeout=PATIENCE_MS)
    with sync_playwright() as playwright:
        browser = launch(playwright.chromium, *camera_of(camera))
        yield browser
        browser.close()


@pytest.fixture(scope="package")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """One server for all tests of the pages, with a week of readings, a quarter of them those of USERNAME."""
    folder = tmp_path_factory.mktemp("pages")
    migrate(folder, environment_of(folder))
    example_data.fill(folder, USERNAME, PASSWORD)
    # Tests call it by a name, too, as a server of one's own network is, and have it call receivers on loopback.
    server = start_server(folder, ALLOWED_HOSTS="localhost,visionai.example", WEBHOOK_PRIVATE_TARGETS="true")
    yield server
    assert server.stop() == 0
    assert "Traceback" not in server.log.read_text()


@pytest.fixture(scope="package")
def signed_in(browser: Browser, server: Server) -> StorageState:
    """What a browser remembers in which USERNAME has signed in."""
    context = new_context(browser, server)
    sign_in(context.new_page(), USERNAME, PASSWORD)
    state = context.storage_state()
    context.close()
    return state


@pytest.fixture(scope="package")
def recorded(server: Server) -> list[str]:
    """The uids of the sessions of RESEARCHER: two interviews with markers in common, and half an hour without a title.

    Tests change their texts; those that delete something record it themselves.
    """
    return example_sessions.fill(server.folder, RESEARCHER, PASSWORD)


@pytest.fixture(scope="package")
def researcher(browser: Browser, server: Server, recorded: list[str]) -> StorageState:
    """What a browser remembers in which RESEARCHER has signed in."""
    assert recorded
    context = new_context(browser, server)
    sign_in(context.new_page(), RESEARCHER, PASSWORD)
    state = context.storage_state()
    context.close()
    return state


def new_context(browser: Browser, server: Server, **options: object) -> BrowserContext:
    """Return a browser of its own as far as the server can see: in English, without motion, with its camera allowed."""
    settings = {"locale": "en-US", "reduced_motion": "reduce", "permissions": ["camera"], "base_url": server.url}
    context = browser.new_context(**{**settings, **options})  # type: ignore[arg-type]
    context.set_default_timeout(PATIENCE_MS)
    return context


def arrive(page: Page, path: str) -> None:
    """Wait until `page` is at `path` and loaded, its scripts too; the query, which may name `path`, does not count."""
    page.wait_for_url(lambda url: urlsplit(url).path == path)


class Visitor:
    """Opens pages, each in a context of its own, and keeps what goes wrong in them.

    The browser itself reports each answer over 399 on the console; those a test expects go into `expected`.
    """

    def __init__(self, browser: Browser, server: Server) -> None:
        self._browser, self._server = browser, server
        self._contexts: list[BrowserContext] = []
        self.problems: list[str] = []
        self.expected: list[str] = []
        self._leaving = False

    def __call__(self, path: str, **options: object) -> Page:
        """Open `path` in a new context and return its page; `options` are those of a browser's context."""
        page = self.new_page(**options)
        page.goto(path)
        return page

    def new_page(self, **options: object) -> Page:
        """Return an empty page in a new context."""
        context = new_context(self._browser, self._server, **options)
        self._contexts.append(context)
        context.on("console", self._note)
        context.on("weberror", lambda error: self.problems.append(str(error.error)))
        return context.new_page()

    def _note(self, message: ConsoleMessage) -> None:
        if self._leaving and ABANDONED in message.text:
            return
        if message.type in ("error", "warning"):
            self.problems.append(f"{message.text} ({message.location.get('url', '')})")

    def close(self) -> None:
        self._leaving = True
        for context in self._contexts:
            context.close()
        unexpected = [text for text in self.problems if not any(part in text for part in self.expected)]
        assert unexpected == []


@pytest.fixture
def visit(browser: Browser, server: Server) -> Iterator[Visitor]:
    """Open pages; nothing may go wrong on their consoles."""
    visitor = Visitor(browser, server)
    yield visitor
    visitor.close()
