"""The card of keys for programs: made, shown once, used, revoked; nobody is shut out of it."""

from __future__ import annotations

import pytest
import requests
from playwright.sync_api import Browser, Page, StorageState, expect

from scripts.browser import sign_in
from tests.support.servers import Server

from .conftest import PASSWORD, Visitor, new_context
from .test_everywhere import faults
from .test_small import OVERLAPS, TARGETS

COPYING = ["camera", "clipboard-write"]
MARKUP = "<b>=lab</b>"


@pytest.fixture(scope="module")
def holder(browser: Browser, server: Server) -> StorageState:
    """What a browser remembers in which somebody has signed in who makes keys."""
    account = {"username": "holder", "password": PASSWORD}
    requests.post(f"{server.url}/api/v1/auth/register", json=account, timeout=30)
    context = new_context(browser, server)
    sign_in(context.new_page(), "holder", PASSWORD)
    state = context.storage_state()
    context.close()
    return state


def make(page: Page, name: str) -> str:
    """Make a key by keyboard alone and return it."""
    page.locator("#key-name").focus()
    page.keyboard.type(name)
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    page.locator("#key-name").press("Enter")
    expect(page.locator("#key-dialog")).to_be_visible()
    text = page.locator("#key-text").inner_text()
    page.locator("#key-copy").press("Enter")
    page.keyboard.press("Escape")
    expect(page.locator("#key-text")).to_have_text("")
    return text


def test_a_key_is_made_shown_once_and_revoked_after_a_question_by_keyboard(
    visit: Visitor, server: Server, holder: StorageState
) -> None:
    page = visit("/profile", storage_state=holder, permissions=COPYING)
    expect(page.locator("#keys-none")).to_be_visible()
    shown = {"Authorization": f"Bearer {make(page, MARKUP)}"}
    row = page.locator("#keys-rows tbody tr")
    expect(row).to_contain_text(MARKUP)
    expect(row).to_contain_text("Read pictures")
    assert requests.get(f"{server.url}/api/v1/auth/verify", headers=shown, timeout=30).json()["username"] == "holder"
    page.get_by_role("button", name=f"Revoke: {MARKUP}").press("Enter")
    expect(page.locator("#ask-text")).to_contain_text(MARKUP)
    page.locator("#ask-yes").press("Enter")
    expect(page.locator("#keys-none")).to_be_visible()
    expect(page.locator("#key-name")).to_be_focused()
    assert requests.get(f"{server.url}/api/v1/auth/verify", headers=shown, timeout=30).status_code == 401


def test_what_is_wrong_with_a_key_is_said_in_the_card(visit: Visitor, holder: StorageState) -> None:
    visit.expected.append("422")
    page = visit("/profile", storage_state=holder)
    expect(page.locator("#keys-none")).to_be_visible()
    page.fill("#key-name", "lab")
    page.press("#key-name", "Enter")
    expect(page.locator("#keys-failed")).to_contain_text("scope")


def test_the_scope_of_administrators_is_offered_to_them_alone(visit: Visitor, holder: StorageState) -> None:
    page = visit("/profile", storage_state=holder)
    expect(page.locator("#keys-none")).to_be_visible()
    expect(page.locator("#keys-admin")).to_be_hidden()


def test_nobody_is_shut_out_and_it_fits_a_small_phone_in_spanish(visit: Visitor, holder: StorageState) -> None:
    small = {"width": 320, "height": 640}
    page = visit("/profile", storage_state=holder, locale="es-CO", viewport=small, permissions=COPYING)
    expect(page.locator("#keys-none")).to_be_visible()
    make(page, "laboratorio")
    expect(page.locator("#keys-rows tbody tr")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    assert page.evaluate(OVERLAPS) == 0
    assert page.evaluate(TARGETS) == []
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        assert faults(page) == []
    page.emulate_media(forced_colors="active")
    assert faults(page) == []
