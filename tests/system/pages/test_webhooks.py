"""The page of webhooks: made, tried, watched, turned off, deleted, and rules beside them; nobody is shut out of it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import requests
from playwright.sync_api import Browser, Page, StorageState, expect
from standardwebhooks import Webhook

from scripts.browser import sign_in
from tests.support import receivers
from tests.support.receivers import Receiver, receiving
from tests.support.servers import Server

from .conftest import PASSWORD, Visitor, new_context
from .test_everywhere import faults
from .test_small import OVERLAPS, TARGETS

COPYING = ["camera", "clipboard-write"]
MARKUP = "<b>=lab</b>"
HOOK, DELIVERY, RULE = (f"#{table}-rows tbody tr" for table in ("hooks", "deliveries", "rules"))


@pytest.fixture(scope="module")
def subscriber(browser: Browser, server: Server) -> StorageState:
    """What a browser remembers in which somebody has signed in who makes webhooks."""
    account = {"username": "subscriber", "password": PASSWORD}
    requests.post(f"{server.url}/api/v1/auth/register", json=account, timeout=30)
    context = new_context(browser, server)
    sign_in(context.new_page(), "subscriber", PASSWORD)
    state = context.storage_state()
    context.close()
    return state


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with receiving() as running:
        yield running


@pytest.fixture
def page(visit: Visitor, subscriber: StorageState) -> Page:
    opened = visit("/webhooks", storage_state=subscriber, permissions=COPYING)
    expect(opened.locator("#hooks-none")).to_be_visible()
    return opened


def make(page: Page, receiver: Receiver, name: str = MARKUP) -> str:
    """Make a webhook by keyboard alone and return its secret."""
    page.locator("#hook-url").focus()
    page.keyboard.type(receiver.url)
    page.keyboard.press("Tab")
    page.keyboard.type(name)
    page.keyboard.press("Enter")
    expect(page.locator("#secret-dialog")).to_be_visible()
    secret = page.locator("#secret-text").inner_text()
    page.locator("#secret-copy").press("Enter")
    page.keyboard.press("Escape")
    expect(page.locator("#secret-text")).to_have_text("")
    expect(page.locator(HOOK)).to_contain_text(name)
    return secret


def press(page: Page, row: str, action: str) -> None:
    page.locator(row).first.get_by_role("button", name=f"{action}:").press("Enter")


def delete(page: Page, row: str) -> None:
    press(page, row, "Delete")
    page.locator("#ask-yes").press("Enter")


def test_a_webhook_is_made_tried_watched_turned_off_and_deleted_by_keyboard(page: Page, receiver: Receiver) -> None:
    secret = make(page, receiver)
    press(page, HOOK, "Test")
    expect(page.locator("#deliveries-status")).to_have_text("Latest: Test event, delivered.")
    expect(page.locator(DELIVERY)).to_contain_text("204")
    request = receiver.requests[0]
    assert Webhook(secret).verify(request.body, request.headers)["type"] == "webhook.test"
    assert page.evaluate("document.activeElement.textContent") == "Test"

    press(page, DELIVERY, "Try again")
    expect(page.locator("#deliveries-status")).to_have_text("Latest: Test event, delivered.")
    expect(page.locator("#toast")).to_contain_text("tried again")
    page.wait_for_function("() => document.activeElement.textContent === 'Try again'")

    press(page, HOOK, "Turn off")
    expect(page.locator(HOOK)).to_contain_text("Off")
    expect(page.locator(HOOK).get_by_role("button", name="Test:")).to_have_count(0)
    press(page, HOOK, "Turn on")
    expect(page.locator(HOOK).get_by_role("button", name="Test:")).to_be_visible()

    delete(page, HOOK)
    expect(page.locator("#hooks-none")).to_be_visible()
    expect(page.locator("#deliveries")).to_be_hidden()
    expect(page.locator("#hook-url")).to_be_focused()


def test_a_delivery_that_is_refused_says_why_and_when_it_is_tried_again(page: Page, receiver: Receiver) -> None:
    receiver.answer = receivers.saying("HTTP/1.1 503 Away")
    make(page, receiver)
    press(page, HOOK, "Test")
    expect(page.locator(DELIVERY)).to_contain_text("503 · Refused")
    expect(page.locator(f"{DELIVERY} time")).to_have_count(2)
    expect(page.locator("#deliveries-status")).to_have_text("Latest: Test event, waiting.")
    page.locator("#deliveries-close").press("Enter")
    expect(page.locator("#deliveries")).to_be_hidden()
    page.reload()
    expect(page.locator(HOOK)).to_contain_text("On; the last try failed")
    delete(page, HOOK)
    expect(page.locator("#hooks-none")).to_be_visible()


def test_what_is_wrong_with_an_address_is_said_beside_it(visit: Visitor, page: Page) -> None:
    visit.expected.append("422")
    page.fill("#hook-url", "file:///etc/passwd")
    page.press("#hook-url", "Enter")
    expect(page.locator("#hook-url-wrong")).to_be_visible()
    page.fill("#hook-url", "https://example.org/hook")
    page.get_by_label("End of a session").uncheck()
    page.press("#hook-url", "Enter")
    expect(page.locator("#hook-refused")).to_contain_text("at least one event")


def test_a_rule_is_made_turned_off_and_deleted_by_keyboard(page: Page) -> None:
    page.locator("#rule-name").focus()
    page.keyboard.type(MARKUP)
    page.keyboard.press("Enter")
    row = page.locator(RULE)
    expect(row).to_contain_text(MARKUP)
    expect(row).to_contain_text("Somebody shows Happiness in 60% of the last 10 s")
    press(page, RULE, "Turn off")
    expect(row).to_contain_text("Not in use")
    page.wait_for_function("() => document.activeElement.textContent === 'Turn on'")
    delete(page, RULE)
    expect(page.locator("#rules-none")).to_be_visible()
    expect(page.locator("#rule-name")).to_be_focused()


def test_nobody_is_shut_out_and_it_fits_a_small_phone_in_spanish(
    visit: Visitor, subscriber: StorageState, receiver: Receiver
) -> None:
    small = {"width": 320, "height": 640}
    page = visit("/webhooks", storage_state=subscriber, locale="es-CO", viewport=small, permissions=COPYING)
    expect(page.locator("#hooks-none")).to_be_visible()
    make(page, receiver, "laboratorio")
    press(page, HOOK, "Probar")
    expect(page.locator(DELIVERY)).to_contain_text("204")
    page.fill("#rule-name", "risas")
    page.press("#rule-name", "Enter")
    expect(page.locator(RULE)).to_contain_text("Alegría")
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    assert page.evaluate(OVERLAPS) == 0
    assert page.evaluate(TARGETS) == []
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        assert faults(page) == []
    page.emulate_media(forced_colors="active")
    assert faults(page) == []
