"""Before a page's scripts are there: what needs them waits, what does not works, and nothing is lost."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, Route, StorageState, expect

from tests.support.places import PLACES, Place
from tests.support.servers import Server

from .conftest import PASSWORD, USERNAME, Visitor, arrive

BY_SCRIPT = ", ".join(f"main {kind}:enabled:visible" for kind in ("button", "select", "[type=radio]", "[type=file]"))


class Held:
    """Keeps a page's scripts back until they are let go."""

    def __init__(self, page: Page) -> None:
        self._routes: list[Route] | None = []
        page.route("**/static/**/js/**", self._take)

    def _take(self, route: Route) -> None:
        if self._routes is None:
            route.continue_()
        else:
            self._routes.append(route)

    def let_go(self) -> None:
        routes, self._routes = self._routes or [], None
        for route in routes:
            route.continue_()


def visit_without_scripts(visit: Visitor, path: str, storage_state: StorageState | None = None) -> tuple[Page, Held]:
    """Open `path` as far as it comes while its scripts are on their way."""
    page = visit.new_page(storage_state=storage_state)
    held = Held(page)
    page.goto(path, wait_until="commit")
    expect(page.locator("#texts")).to_be_attached()
    return page, held


@pytest.mark.parametrize("place", PLACES, ids=str)
def test_what_a_script_serves_waits_for_it(visit: Visitor, signed_in: StorageState, place: Place) -> None:
    visit.expected += ["404"] if place.name == "missing" else []
    page, held = visit_without_scripts(visit, place.path, signed_in if place.own else None)
    expect(page.locator("h1").first).to_be_attached()
    assert page.locator(BY_SCRIPT).count() == 0
    held.let_go()
    expect(page.locator(place.ready).first).to_be_visible()


def test_a_form_sent_too_early_goes_nowhere_and_keeps_what_was_written(visit: Visitor, server: Server) -> None:
    page, held = visit_without_scripts(visit, "/sign-in")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(f"{request.method} {request.url}"))
    page.fill("#username", USERNAME)
    page.fill("#password", PASSWORD)
    page.press("#password", "Enter")
    page.locator("#form [type=submit]").dispatch_event("click")
    assert page.url == f"{server.url}/sign-in"
    held.let_go()
    page.click("#form [type=submit]")
    arrive(page, "/")
    expect(page.locator("#account-name")).to_have_text(USERNAME)
    assert not any(PASSWORD in url or (url.startswith("POST") and "/api/" not in url) for url in asked)


def test_a_language_chosen_early_keeps_the_address(visit: Visitor) -> None:
    page, _ = visit_without_scripts(visit, "/dashboard?emotion=happy")
    page.get_by_role("button", name="español").click(no_wait_after=True)
    page.wait_for_url("**/dashboard?emotion=happy", wait_until="commit")
    expect(page.locator("html")).to_have_attribute("lang", "es")
