"""VisionAI at /vision of a host that has other things too: links, scripts, streams and cookies stay below it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit
from uuid import uuid4

import pytest
import requests
import websocket
from playwright.sync_api import Browser, Page, Response, expect, sync_playwright

from scripts import faces
from scripts.browser import CHROMIUM, MISSING, camera_of, launch
from tests.support.images import face_jpeg
from tests.support.nginx import nginx_or_skip
from tests.support.places import PATHS

from .conftest import Start

SECONDS = 30
PATIENCE_MS = 45_000
PASSWORD = "una frase larga"


WAYS: dict[str, dict[str, str]] = {"X-Forwarded-Prefix": {}, "SCRIPT_NAME": {"SCRIPT_NAME": "/vision"}}
"""How servers learn of it: from a proxy that takes it off, or from a setting, where the proxy leaves it on."""


@pytest.fixture(scope="module", params=WAYS)
def site(request: pytest.FixtureRequest, start: Start, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    way: str = request.param
    servers = [start(f"{way}-{name}", PRELOAD_MODEL="true", **WAYS[way]) for name in ("first", "second")]
    nginx = nginx_or_skip(tmp_path_factory.mktemp("nginx"), (servers[0].port, servers[1].port))
    nginx.use("prefix.conf")
    if way == "SCRIPT_NAME":
        nginx.leave_prefix()
    with nginx.running():
        yield f"http://localhost:{nginx.port}"


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    if not CHROMIUM.exists():
        pytest.skip(f"{MISSING}: tests in a browser are skipped.")
    camera = faces.write_camera(tmp_path_factory.mktemp("camera") / "camera.mjpeg")
    expect.set_options(timeout=PATIENCE_MS)
    with sync_playwright() as playwright:
        browser = launch(playwright.chromium, *camera_of(camera))
        yield browser
        browser.close()


@pytest.fixture
def page(browser: Browser, site: str) -> Iterator[Page]:
    """A page that fails the test where anything is asked for outside of the prefix, or is not there."""
    context = browser.new_context(locale="en", permissions=["camera"])
    page = context.new_page()
    page.set_default_timeout(PATIENCE_MS)
    wrong: list[str] = []

    def look(response: Response) -> None:
        path = urlsplit(response.url).path
        if response.url.startswith(site) and (not path.startswith("/vision/") or response.status >= 400):
            wrong.append(f"{response.status} {path}")

    page.on("response", look)
    yield page
    context.close()
    assert wrong == []


def test_the_rest_of_the_host_is_not_ours(site: str) -> None:
    assert requests.get(f"{site}/", timeout=SECONDS).status_code == 404
    assert requests.get(f"{site}/visionary/", timeout=SECONDS).status_code == 404


def test_without_its_last_slash_it_is_found(site: str) -> None:
    answer = requests.get(f"{site}/vision", timeout=SECONDS)
    assert (urlsplit(answer.url).path, answer.status_code) == ("/vision/", 200)


@pytest.mark.parametrize("path", PATHS)
def test_every_link_of_a_page_stays_below_it(site: str, path: str) -> None:
    page = requests.get(f"{site}/vision{path}", timeout=SECONDS).text
    links = re.findall(r'(?:href|src|action|data-document)="(/[^"]*)"', page)
    assert [link for link in links if not link.startswith("/vision/")] == []


def test_a_plain_websocket_passes(site: str) -> None:
    client = websocket.create_connection(f"{site.replace('http', 'ws')}/vision/ws", timeout=SECONDS)
    assert json.loads(client.recv())["type"] == "connection"
    client.send_binary(face_jpeg())
    assert json.loads(client.recv())["emotion_name"] == "happy"
    client.close()


def test_an_account_is_made_and_stays_signed_in(page: Page, site: str) -> None:
    page.goto(f"{site}/vision/register")
    # Another one each time: the ways share a database.
    page.locator("#username").fill(f"ana.{uuid4().hex[:8]}")
    for field in page.locator("input[type=password]").all():
        field.fill(PASSWORD)
    page.locator("#form [type=submit]").click()
    expect(page).to_have_url(f"{site}/vision/")
    page.goto(f"{site}/vision/profile")
    expect(page.locator("#since")).not_to_be_empty()
    refresh = [cookie for cookie in page.context.cookies() if cookie["name"] == "visionai_refresh"]
    assert [cookie["path"] for cookie in refresh] == ["/vision/api/v1/auth/refresh"]


def test_a_language_is_chosen_and_remembered_below_it(page: Page, site: str) -> None:
    page.goto(f"{site}/vision/model")
    page.get_by_role("button", name="ES: español").click()
    expect(page.locator("html")).to_have_attribute("lang", "es")
    expect(page).to_have_url(f"{site}/vision/model")
    assert {cookie["path"] for cookie in page.context.cookies() if cookie["name"] == "lang"} == {"/vision/"}


def test_a_picture_is_read(page: Page, site: str, tmp_path: Path) -> None:
    page.goto(f"{site}/vision/")
    expect(page.locator("#choose")).to_be_enabled()
    page.locator("input[type=file]").first.set_input_files(faces.write_photo(tmp_path / "photo.jpg"))
    expect(page.get_by_text("happiness", exact=False).first).to_be_visible()


def test_a_session_is_opened_by_its_receipt(page: Page, site: str) -> None:
    started = requests.post(f"{site}/vision/api/v1/sessions", json={"title": "An hour"}, timeout=SECONDS).json()
    page.goto(f"{site}/vision/sessions")
    page.fill("#session", started["uid"])
    page.fill("#receipt", started["receipt"])
    page.press("#receipt", "Enter")
    expect(page).to_have_url(f"{site}/vision/sessions/{started['uid']}")
    expect(page.locator("#title")).to_have_value("An hour")


def test_the_camera_is_read(page: Page, site: str) -> None:
    sockets: list[str] = []
    page.on("websocket", lambda socket: sockets.append(urlsplit(socket.url).path))
    page.goto(f"{site}/vision/live")
    page.locator("#agree").click()
    expect(page.locator("#overlay")).to_have_attribute("data-emotions", "happy")
    assert sockets == ["/vision/socket.io/"]


def test_the_interface_for_programs_is_shown(page: Page, site: str) -> None:
    page.goto(f"{site}/vision/docs/api")
    expect(page.locator(".opblock").first).to_be_visible()
    page.goto(f"{site}/vision/docs/stream")
    expect(page.locator("#channels h2").first).to_be_visible()
    page.goto(f"{site}/vision/docs")
    expect(page.locator("#guide pre").first).to_contain_text(f"{site}/vision/static/samples/")
