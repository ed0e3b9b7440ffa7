"""The list of recorded sessions: found, renamed, chosen, deleted, and opened by a receipt."""

from __future__ import annotations

import pytest
import requests
from playwright.sync_api import Page, StorageState, expect

from tests.support.servers import Server, environment_of, flask

from .conftest import PASSWORD, Visitor, arrive
from .test_everywhere import faults

MARKUP = "<img src=x onerror=alert(1)>"
FORMULA = '=HYPERLINK("http://example.org")'


def titles(page: Page) -> list[str]:
    return page.locator("#rows .session-title").all_inner_texts()


def signed_up(page: Page, name: str) -> None:
    """Make an account and arrive at its sessions."""
    page.goto("/register?next=/sessions")
    page.fill("#username", name)
    page.fill("#password", PASSWORD)
    page.press("#password", "Enter")
    arrive(page, "/sessions")


def start(server: Server, name: str | None = None, **texts: str) -> dict[str, str]:
    """Start a session over REST, of an account or with a receipt."""
    headers = {}
    if name is not None:
        login = {"username": name, "password": PASSWORD}
        answer = requests.post(f"{server.url}/api/v1/auth/login", json=login, timeout=30).json()
        headers = {"Authorization": f"Bearer {answer['access_token']}"}
    started = requests.post(f"{server.url}/api/v1/sessions", json=texts, headers=headers, timeout=30)
    assert started.status_code == 201, started.text
    found: dict[str, str] = started.json()
    return found


def test_sessions_are_listed_newest_first_with_what_they_are(visit: Visitor, researcher: StorageState) -> None:
    page = visit("/sessions", storage_state=researcher)
    expect(page.locator("#rows tbody tr")).to_have_count(3)
    assert titles(page)[1:] == ["Interview 2", "Interview 1"]
    assert titles(page)[0].startswith("Session of")
    expect(page.locator("#rows tbody tr").nth(1)).to_contain_text("P-02")
    expect(page.locator("#rows tbody tr").nth(1)).to_contain_text("5:00")


def test_the_way_to_sessions_is_in_the_navigation(visit: Visitor) -> None:
    page = visit("/")
    page.get_by_role("navigation", name="Pages").get_by_role("link", name="Sessions").click()
    arrive(page, "/sessions")
    expect(page.locator(".ways [aria-current]")).to_have_text("Sessions")


def test_a_search_lives_in_the_address_and_in_the_way_back(visit: Visitor, researcher: StorageState) -> None:
    page = visit("/sessions", storage_state=researcher)
    page.fill("#filter-q", "interview 1")
    expect(page.locator("#rows tbody tr")).to_have_count(1)
    assert page.url.endswith("/sessions?q=interview+1")
    page.reload()
    expect(page.locator("#filter-q")).to_have_value("interview 1")
    expect(page.locator("#rows tbody tr")).to_have_count(1)
    page.get_by_role("link", name="Interview 1").click()
    page.wait_for_url("**/sessions/*-*")
    page.go_back()
    expect(page.locator("#rows tbody tr")).to_have_count(1)


def test_a_participant_and_days_narrow_the_list(visit: Visitor, researcher: StorageState) -> None:
    page = visit("/sessions?participant=P-02", storage_state=researcher)
    expect(page.locator("#rows tbody tr")).to_have_count(1)
    page.fill("#filter-until", "2020-01-01")
    expect(page.locator("#none")).to_be_visible()
    expect(page.locator("#empty")).to_be_hidden()
    page.fill("#filter-until", "")
    expect(page.locator("#rows tbody tr")).to_have_count(1)


def test_days_in_the_wrong_order_are_said_in_words(visit: Visitor, researcher: StorageState) -> None:
    visit.expected.append("422")
    page = visit("/sessions?since=2026-02-02&until=2026-01-01", storage_state=researcher)
    expect(page.locator("#failed-text")).to_contain_text("later")
    expect(page.locator("#list")).to_be_hidden()


def test_the_list_goes_by_pages_whose_cursor_is_in_the_address(visit: Visitor, server: Server) -> None:
    page = visit("/")
    signed_up(page, "pages")
    expect(page.locator("#empty")).to_be_visible()
    for number in range(23):
        start(server, "pages", title=f"Number {number}")
    page.reload()
    expect(page.locator("#rows tbody tr")).to_have_count(20)
    page.click("#older")
    expect(page.locator("#rows tbody tr")).to_have_count(3)
    assert "cursor=" in page.url
    page.reload()
    expect(page.locator("#rows tbody tr")).to_have_count(3)
    expect(page.locator("#older")).to_be_disabled()
    page.click("#newer")
    expect(page.locator("#rows tbody tr")).to_have_count(20)
    page.go_back()
    expect(page.locator("#rows tbody tr")).to_have_count(3)


@pytest.mark.parametrize("title", [MARKUP, FORMULA], ids=["markup", "formula"])
def test_a_session_is_renamed_where_it_stands_and_its_title_stays_text(
    visit: Visitor, server: Server, title: str
) -> None:
    name = f"rename-{len(title)}"
    page = visit("/")
    signed_up(page, name)
    start(server, name, title="Before")
    page.reload()
    page.get_by_role("button", name="Rename").click()
    page.keyboard.type("not this")
    page.keyboard.press("Escape")
    expect(page.locator("#rows .session-title a")).to_have_text("Before")
    page.get_by_role("button", name="Rename").click()
    page.locator(".session-title input").fill(title)
    page.keyboard.press("Enter")
    expect(page.locator("#toast")).to_have_text("Saved.")
    expect(page.locator("#rows .session-title a")).to_have_text(title)
    page.reload()
    expect(page.locator("#rows .session-title a")).to_have_text(title)
    assert page.locator("main img").count() == 0


def test_a_session_is_deleted_once_that_is_confirmed(visit: Visitor, server: Server) -> None:
    page = visit("/")
    signed_up(page, "deletes")
    start(server, "deletes", title=MARKUP)
    page.reload()
    delete = page.get_by_role("button", name="Delete")
    delete.click()
    expect(page.locator("#delete-name")).to_have_text(MARKUP)
    page.get_by_role("button", name="Cancel").click()
    expect(page.locator("#rows tbody tr")).to_have_count(1)
    delete.click()
    page.locator("#delete-dialog [value=yes]").click()
    expect(page.locator("#empty")).to_be_visible()


def test_two_to_eight_are_chosen_to_be_compared(visit: Visitor, researcher: StorageState, recorded: list[str]) -> None:
    page = visit("/sessions", storage_state=researcher)
    page.get_by_label("Choose Interview 1").check()
    expect(page.locator("#chosen-text")).to_contain_text("1 session chosen")
    expect(page.locator("#compare")).to_be_disabled()
    page.get_by_label("Choose Interview 2").check()
    page.click("#compare")
    arrive(page, "/sessions/compare")
    assert all(f"uid={uid}" in page.url for uid in recorded[:2])
    expect(page.locator("#charts")).to_be_visible()


def test_an_administrator_sees_whose_they_are_and_may_ask_for_one_users(
    visit: Visitor, server: Server, recorded: list[str]
) -> None:
    page = visit("/")
    signed_up(page, "boss")
    flask(environment_of(server.folder), "users", "promote", "boss")
    page.goto("/profile")
    page.click("#sign-out")
    arrive(page, "/")
    page.goto("/sign-in?next=/sessions")
    page.fill("#username", "boss")
    page.fill("#password", PASSWORD)
    page.press("#password", "Enter")
    arrive(page, "/sessions")
    page.fill("#filter-user", "researcher")
    expect(page.locator("#rows tbody tr")).to_have_count(len(recorded))
    expect(page.locator("#rows tbody tr").first).to_contain_text("researcher")


def test_a_receipt_opens_its_session_in_this_tab_alone(visit: Visitor, server: Server) -> None:
    visit.expected.append("404")
    started = start(server, title="Without an account")
    page = visit("/sessions")
    expect(page.locator("#sign-in-first")).to_be_visible()
    page.fill("#session", started["uid"])
    page.fill("#receipt", "another")
    page.press("#receipt", "Enter")
    expect(page.locator("#failed-text")).not_to_be_empty()
    page.fill("#receipt", f" {started['receipt']} ")
    page.press("#receipt", "Enter")
    arrive(page, f"/sessions/{started['uid']}")
    expect(page.locator("#title")).to_have_value("Without an account")
    assert started["receipt"] not in page.evaluate("JSON.stringify([location.href, { ...localStorage }])")
    page.goto("/sessions")
    expect(page.locator("#opened-list a")).to_have_text(started["uid"])
    other = page.context.new_page()
    other.goto(f"/sessions/{started['uid']}")
    expect(other.locator("#missing")).to_be_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_no_serious_fault_in_a_full_list(visit: Visitor, researcher: StorageState, scheme: str) -> None:
    page = visit("/sessions", storage_state=researcher, color_scheme=scheme, locale="es")
    page.locator("#rows input").first.check()
    page.locator("[title='Cambiar el nombre']").nth(1).click()
    assert faults(page) == []


def test_the_list_is_used_by_keyboard_alone(visit: Visitor, researcher: StorageState) -> None:
    page = visit("/sessions", storage_state=researcher)
    expect(page.locator("#rows tbody tr")).to_have_count(3)
    page.locator("#rows input").first.focus()
    page.keyboard.press("Space")
    expect(page.locator("#chosen")).to_be_visible()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_url("**/sessions/*-*")
