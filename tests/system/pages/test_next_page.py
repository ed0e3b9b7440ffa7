"""Where signing in and choosing a language lead to: a path of this site, whatever `next` says."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import quote, unquote, urlsplit

import pytest
import requests
from playwright.sync_api import Browser, Page, Route, expect

from tests.support.servers import Server

from .conftest import PASSWORD, USERNAME, new_context

ELSEWHERE = "evil.example"

LEADING_ELSEWHERE = [
    "//evil.example",
    "///evil.example",
    "////evil.example",
    "/.//evil.example",
    "/..//evil.example",
    "/x/..//evil.example",
    "/%2e//evil.example",
    "/%2E%2E//evil.example",
    "/\\evil.example",
    "\\\\evil.example",
    "/.\\/evil.example",
    "/.\\\\evil.example",
    "/\t/evil.example",
    "/.\t//evil.example",
    "\t//evil.example",
    "/\n/evil.example",
    "/.\r\n//evil.example",
    " //evil.example",
    "https://evil.example",
    "https:evil.example",
    "https:/evil.example",
    "http:\\\\evil.example",
    "javascript:alert(1)",
    "java\tscript:alert(1)",
    "data:text/html,x",
    "blob:null/x",
    "{origin}//evil.example",
    "{origin}/.//evil.example",
    "{origin}/\\evil.example",
    "{origin}.evil.example",
    "http://{host}@evil.example/",
    "http://someone@{host}/dashboard",
    "//{host}@evil.example",
    "http://[",
    "http://[::1/",
    "\x00//evil.example",
]

STAYING = {
    "/dashboard": "/dashboard",
    "/dashboard?emotion=happy&from=2026-01-01": "/dashboard?emotion=happy&from=2026-01-01",
    "/history?next=//evil.example": "/history?next=//evil.example",
    "/": "/",
}


@pytest.fixture(scope="module")
def page(browser: Browser, server: Server) -> Iterator[Page]:
    """One page, in which every `next` is tried."""
    context = new_context(browser, server)
    page = context.new_page()
    page.goto("/sign-in")
    yield page
    context.close()


def of(server: Server, target: str) -> str:
    """Return `target` with the server's own address in it."""
    return target.replace("{origin}", server.url).replace("{host}", urlsplit(server.url).netloc)


def chosen(page: Page, target: str, server: Server) -> str:
    """Return what the browser would go to after signing in."""
    script = "([next, origin]) => import('/static/js/core/next-page.js').then((module) => module.ownPath(next, origin))"
    path: str = page.evaluate(script, [target, server.url])
    return path


@pytest.mark.parametrize("target", LEADING_ELSEWHERE)
def test_signing_in_leads_home_where_next_could_be_read_as_another_host(
    page: Page, target: str, server: Server
) -> None:
    assert chosen(page, of(server, target), server) == "/"


@pytest.mark.parametrize(("target", "path"), STAYING.items())
def test_signing_in_leads_to_the_path_of_this_site_that_next_names(
    page: Page, target: str, path: str, server: Server
) -> None:
    assert chosen(page, target, server) == path
    assert chosen(page, server.url + target, server) == path


@pytest.mark.parametrize("target", ["/.//evil.example/", "{origin}//evil.example/"])
def test_a_browser_that_signs_in_stays_on_this_site(browser: Browser, server: Server, target: str) -> None:
    context = new_context(browser, server)
    asked: list[str] = []

    def refuse(route: Route) -> None:
        asked.append(route.request.url)
        route.abort()

    context.route(f"**://{ELSEWHERE}/**", refuse)
    page = context.new_page()
    page.goto(f"/sign-in?next={quote(of(server, target), safe='')}")
    page.fill("#username", USERNAME)
    page.fill("#password", PASSWORD)
    page.press("#password", "Enter")
    page.wait_for_url(lambda url: "/sign-in" not in url)
    expect(page.locator("#account-name")).to_have_text(USERNAME)
    assert (page.url, asked) == (f"{server.url}/", [])
    context.close()


@pytest.mark.parametrize("target", LEADING_ELSEWHERE)
def test_choosing_a_language_leads_home_where_next_could_be_read_as_another_host(server: Server, target: str) -> None:
    form = {"language": "es", "next": of(server, target)}
    answer = requests.post(f"{server.url}/language", data=form, allow_redirects=False, timeout=30)
    assert (answer.status_code, answer.headers["Location"]) == (302, "/")


@pytest.mark.parametrize("target", [*STAYING, "/año nuevo"])
def test_choosing_a_language_leads_back_to_the_page(server: Server, target: str) -> None:
    answer = requests.post(f"{server.url}/language", data={"next": target}, allow_redirects=False, timeout=30)
    assert unquote(answer.headers["Location"]) == target
