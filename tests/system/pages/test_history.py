"""The history of a user: sessions as groups, and pictures between them."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import StorageState, expect

from tests.support.servers import Server

from .conftest import Visitor, arrive
from .test_sessions import MARKUP, signed_up, start


def test_sessions_are_groups_that_lead_to_their_page(
    visit: Visitor, researcher: StorageState, recorded: list[str]
) -> None:
    page = visit("/history", storage_state=researcher)
    expect(page.locator(".history-session")).to_have_count(3)
    first = page.locator(f".history-session[data-uid='{recorded[0]}']")
    expect(first).to_contain_text("P-01")
    expect(first).to_contain_text("2 people")
    first.get_by_role("link").click()
    arrive(page, f"/sessions/{recorded[0]}")


def test_pictures_stand_between_sessions_by_their_time(visit: Visitor, photo: Path, server: Server) -> None:
    page = visit("/")
    signed_up(page, "between")
    start(server, "between", title="Before")
    page.goto("/")
    page.check("#record")
    page.set_input_files("#file", photo)
    expect(page.locator("#outcome .verdict")).to_be_visible()
    start(server, "between", title=MARKUP)
    page.goto("/history")
    expect(page.locator("#rows > li")).to_have_count(3)
    expect(page.locator("#rows > li").nth(0)).to_contain_text(MARKUP)
    expect(page.locator("#rows > li").nth(1)).to_contain_text("Happiness")
    expect(page.locator("#rows > li").nth(2)).to_contain_text("Before")
    assert page.locator("main img").count() == 0


def test_the_page_of_the_history_is_in_the_address(visit: Visitor, signed_in: StorageState) -> None:
    page = visit("/history", storage_state=signed_in)
    expect(page.locator("#rows tbody tr")).to_have_count(20)
    page.click("#older")
    expect(page.locator("#place")).to_have_text("Page 2")
    here = page.locator("#rows tbody tr").first.get_attribute("data-id")
    assert "cursor=" in page.url
    page.reload()
    expect(page.locator("#place")).to_have_text("Page 2")
    assert page.locator("#rows tbody tr").first.get_attribute("data-id") == here
    page.go_back()
    expect(page.locator("#newer")).to_be_disabled()


def test_a_phone_shows_the_confidence_and_no_address(visit: Visitor, signed_in: StorageState) -> None:
    page = visit("/history", storage_state=signed_in, viewport={"width": 390, "height": 844})
    expect(page.locator("#rows tbody tr").first).to_be_visible()
    assert page.locator("#rows thead th").all_inner_texts() == ["Time", "Expression", "Confidence"]
    cut = (
        "[...document.querySelectorAll('#rows th, #rows td')].filter(n => n.getBoundingClientRect().right > 390).length"
    )
    assert page.evaluate(cut) == 0


def test_deleting_all_deletes_sessions_too(visit: Visitor, server: Server) -> None:
    page = visit("/")
    signed_up(page, "leaves")
    start(server, "leaves", title="One")
    page.goto("/history")
    expect(page.locator(".history-session")).to_have_count(1)
    page.click("#delete-all")
    page.locator("#delete-dialog [value=yes]").click()
    expect(page.locator("#empty")).to_be_visible()
    page.goto("/sessions")
    expect(page.locator("#empty")).to_be_visible()
