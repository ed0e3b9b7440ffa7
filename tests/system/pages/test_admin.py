"""The pages of administrators: what they show and change, and that nobody else finds anything there."""

from __future__ import annotations

import re

import pytest
import requests
from playwright.sync_api import Browser, Page, StorageState, expect

from scripts.browser import sign_in
from tests.support.servers import Server, environment_of, flask

from .conftest import PASSWORD, Visitor, arrive, new_context
from .test_everywhere import faults
from .test_small import OVERLAPS, TARGETS

ADMIN = "chief"
READY = {
    "/admin": "#facts dd",
    "/admin/users": "#rows tbody tr",
    "/admin/versions": "#rows thead",
    "/admin/audit": "#rows tbody tr",
}


@pytest.fixture(scope="module")
def chief(browser: Browser, server: Server) -> StorageState:
    """What a browser remembers in which an administrator has signed in."""
    account = {"username": ADMIN, "password": PASSWORD}
    assert requests.post(f"{server.url}/api/v1/auth/register", json=account, timeout=30).status_code == 201
    flask(environment_of(server.folder), "users", "promote", ADMIN)
    context = new_context(browser, server)
    sign_in(context.new_page(), ADMIN, PASSWORD)
    state = context.storage_state()
    context.close()
    return state


def opened(visit: Visitor, chief: StorageState, path: str, **options: object) -> Page:
    page = visit(path, storage_state=chief, **options)
    expect(page.locator(READY[path.partition("?")[0]]).first).to_be_visible()
    return page


def row_of(page: Page, name: str) -> object:
    return page.locator("#rows tbody tr").filter(has=page.get_by_role("rowheader", name=name, exact=True))


@pytest.mark.parametrize("path", READY)
def test_a_user_finds_nothing_at_the_address_and_no_way_to_it(
    visit: Visitor, signed_in: StorageState, path: str
) -> None:
    page = visit(path, storage_state=signed_in)
    expect(page.locator("#nothing-here h1")).to_be_visible()
    expect(page.locator("#admin")).to_be_hidden()
    expect(page.locator("#way-admin")).to_be_hidden()


def test_who_is_no_administrator_any_more_finds_nothing_either(
    visit: Visitor, browser: Browser, server: Server, chief: StorageState
) -> None:
    assert chief  # Or this would be the last administrator, who stays.
    visit.expected.append("401")
    account = {"username": "former", "password": PASSWORD}
    requests.post(f"{server.url}/api/v1/auth/register", json=account, timeout=30)
    flask(environment_of(server.folder), "users", "promote", "former")
    context = new_context(browser, server)
    sign_in(context.new_page(), "former", PASSWORD)
    state = context.storage_state()
    context.close()
    flask(environment_of(server.folder), "users", "demote", "former")
    page = visit("/admin/users", storage_state=state)
    expect(page.locator("#nothing-here h1")).to_be_visible()
    expect(page.locator("#admin")).to_be_hidden()


@pytest.mark.parametrize("path", READY)
def test_nobody_is_shut_out_and_it_fits_a_small_phone_in_spanish(
    visit: Visitor, chief: StorageState, path: str
) -> None:
    page = opened(visit, chief, path, locale="es-CO", viewport={"width": 320, "height": 640})
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    assert page.evaluate(OVERLAPS) == 0
    assert page.evaluate(TARGETS) == []
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        assert faults(page) == []
    page.emulate_media(forced_colors="active")
    assert faults(page) == []


def test_the_way_leads_from_the_navigation_through_its_pages(visit: Visitor, chief: StorageState) -> None:
    page = visit("/", storage_state=chief)
    page.get_by_role("navigation", name="Pages").get_by_role("link", name="Admin").click()
    for name, path in (("Users", "/admin/users"), ("Versions", "/admin/versions"), ("Audit log", "/admin/audit")):
        page.get_by_role("navigation", name="Administration").get_by_role("link", name=name).click()
        arrive(page, path)
        expect(page.locator(".ways [aria-current]")).to_have_text("Admin")
        expect(page.locator(".admin-ways [aria-current]")).to_have_text(name)


@pytest.mark.parametrize("width", [761, 800, 980, 1024])
def test_one_way_more_leaves_room_in_the_header(visit: Visitor, chief: StorageState, width: int) -> None:
    page = opened(visit, chief, "/admin", locale="es-CO", viewport={"width": width, "height": 700})
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert page.evaluate(OVERLAPS) == 0
    assert page.locator("#account-profile").bounding_box()["x"] < width - 60  # type: ignore[index]


def test_the_overview_has_the_state_and_tries_a_retention(visit: Visitor, chief: StorageState) -> None:
    page = opened(visit, chief, "/admin")
    expect(page.locator("#state")).to_have_text(re.compile("Healthy|Degraded"))
    expect(page.locator("#waiting")).to_have_text("0 of 64")
    expect(page.locator("#facts")).to_contain_text("sqlite: OK")
    expect(page.locator("#retention tbody tr").first).to_contain_text("Without end")
    page.fill("#days", "1")
    expect(page.locator("#retention tbody tr").first).to_contain_text("1 day")


def test_an_account_is_made_and_its_password_shown_once(visit: Visitor, chief: StorageState) -> None:
    page = opened(visit, chief, "/admin/users")
    page.fill("#username", "fresh")
    page.press("#username", "Enter")
    expect(page.locator("#issued-dialog")).to_be_visible()
    password = page.locator("#issued-password").inner_text()
    assert len(password) == 16
    page.keyboard.press("Escape")
    expect(page.locator("#issued-password")).to_have_text("")
    expect(row_of(page, "fresh")).to_contain_text("User")
    again = visit("/sign-in")
    again.fill("#username", "fresh")
    again.fill("#password", password)
    again.press("#password", "Enter")
    arrive(again, "/")


def test_a_name_that_does_not_fit_is_said_beside_the_field(visit: Visitor, chief: StorageState) -> None:
    visit.expected.append("422")
    page = opened(visit, chief, "/admin/users")
    page.fill("#username", "<img src=x>")
    page.press("#username", "Enter")
    expect(page.locator("#username-wrong")).to_be_visible()


def test_a_user_is_promoted_demoted_shut_out_and_let_in_by_keyboard_after_a_question(
    visit: Visitor, server: Server, chief: StorageState
) -> None:
    account = {"username": "changing", "password": PASSWORD}
    requests.post(f"{server.url}/api/v1/auth/register", json=account, timeout=30)
    page = opened(visit, chief, "/admin/users?q=changing")
    row = row_of(page, "changing")

    def press(name: str, *, asked: bool = True) -> None:
        page.get_by_role("button", name=f"{name}: changing").press("Enter")
        if asked:
            expect(page.locator("#ask-text")).to_contain_text("changing")
            page.locator("#ask-yes").press("Enter")

    press("Make administrator")
    expect(row).to_contain_text("Administrator")
    press("Remove as administrator")
    expect(row).not_to_contain_text("Administrator")
    press("Deactivate")
    expect(row).to_contain_text("Inactive")
    press("Activate", asked=False)
    expect(row).not_to_contain_text("Inactive")
    press("Reset password")
    expect(page.locator("#issued-name")).to_have_text("changing")
    page.get_by_role("button", name="Close").click()
    expect(page.locator("[data-user] button").first).to_be_focused()


def test_the_audit_log_is_narrowed_in_the_address_and_by_pages(visit: Visitor, chief: StorageState) -> None:
    page = opened(visit, chief, "/admin/audit")
    page.fill("#filter-actor", ADMIN)
    page.select_option("#filter-action", "auth.login")
    expect(page.locator("#rows tbody tr").first).to_contain_text("Signed in")
    expect(page.locator("#rows [data-action]:not([data-action='auth.login'])")).to_have_count(0)
    assert f"actor={ADMIN}&action=auth.login" in page.url
    page.reload()
    expect(page.locator("#filter-action")).to_have_value("auth.login")
    page.fill("#filter-until", "2020-01-01")
    expect(page.locator("#place")).to_have_text("0 entries on this page")


def test_the_versions_say_what_is_active(visit: Visitor, chief: StorageState) -> None:
    page = opened(visit, chief, "/admin/versions")
    expect(page.locator("#in-force")).to_contain_text("is active")
    expect(page.locator("#roll-back")).to_be_hidden()
