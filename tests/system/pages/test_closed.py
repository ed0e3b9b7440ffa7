"""A server whose operator creates the accounts and shows figures to signed-in users only."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from scripts import example_data
from tests.support.servers import Server, environment_of, migrate, start_server

from .conftest import PASSWORD, USERNAME, Visitor, arrive


@pytest.fixture(scope="module")
def closed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server that lets in whom it knows, with a week of readings."""
    folder = tmp_path_factory.mktemp("closed")
    migrate(folder, environment_of(folder))
    example_data.fill(folder, USERNAME, PASSWORD)
    server = start_server(folder, REGISTRATION="closed", DASHBOARD_PUBLIC="false")
    yield server
    assert server.stop() == 0


@pytest.fixture
def visit(browser: Browser, closed: Server) -> Iterator[Visitor]:
    visitor = Visitor(browser, closed)
    yield visitor
    visitor.close()


def test_who_wants_an_account_is_told_whom_to_ask(visit: Visitor) -> None:
    page = visit("/register")
    expect(page.get_by_text("The operator of this server creates the accounts")).to_be_visible()
    expect(page.locator("#form")).to_have_count(0)


@pytest.mark.parametrize("path", ["/sign-in", "/history", "/profile"])
def test_no_page_invites_to_what_is_closed(visit: Visitor, path: str) -> None:
    page = visit(path)
    expect(page.locator("h1")).to_be_attached()
    assert page.locator("a[href^='/register']").count() == 0


def test_a_private_dashboard_leads_to_signing_in_and_back(visit: Visitor) -> None:
    page = visit("/dashboard?emotion=happy")
    expect(page.locator("#private")).to_be_visible()
    expect(page.locator("#board")).to_be_hidden()
    page.locator("#private").get_by_role("link", name="Sign in").click()
    page.fill("#username", USERNAME)
    page.fill("#password", PASSWORD)
    page.press("#password", "Enter")
    arrive(page, "/dashboard")
    assert page.url.endswith("?emotion=happy")
    expect(page.locator("#total")).to_have_text(re.compile(r"\d"))
    expect(page.locator("#updates")).to_have_attribute("data-state", "on")
