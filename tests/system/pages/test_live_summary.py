"""Markers while the live page runs, the summary at its end, and what becomes of what was kept."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, StorageState, expect

from tests.support.servers import Server

from .conftest import Visitor
from .test_consent import expect_the_question
from .test_everywhere import faults
from .test_live import expect_a_smile, start_camera
from .test_recording import delete, end, keep, rows, sessions_of

MARKUP = "=1+1 <b>question 3</b>"


def stop(page: Page) -> None:
    """Stop a run in which somebody was seen for long enough."""
    expect(page.locator(".live-lane")).to_have_count(1)
    page.click("#stop")
    expect(page.locator("#summary")).to_be_visible()


def test_a_moment_is_marked_by_key_with_a_label_that_is_text(visit: Visitor, server: Server) -> None:
    page = visit("/live")
    session, _ = keep(page)
    page.keyboard.press("m")
    expect(page.locator("#mark-label")).to_have_value("Marker 1")
    expect(page.locator("#mark-label")).to_be_focused()
    page.keyboard.type(MARKUP)
    page.keyboard.press("Enter")
    expect(page.locator("#toast")).to_have_text(f"Marked: {MARKUP}")
    expect(page.locator("#mark-form")).to_be_hidden()
    page.keyboard.press("m")
    expect(page.locator("#mark-label")).to_have_value("Marker 2")
    page.keyboard.press("Escape")
    expect(page.locator("#mark-form")).to_be_hidden()
    stop(page)
    expect(page.locator("#summary-timeline")).to_contain_text(MARKUP[:5])
    assert page.locator("#summary b", has_text="question").count() == 0
    kept = rows(
        server,
        "SELECT label FROM session_markers JOIN sessions USING (session_id) WHERE uid = ?",
        session.replace("-", ""),
    )
    assert kept == [(MARKUP,)]


def test_keys_pause_and_resume_and_mean_nothing_to_who_types(visit: Visitor) -> None:
    page = visit("/live")
    start_camera(page)
    page.locator("body").press("Space")
    expect(page.locator("#screen")).not_to_have_class(re.compile("running"))
    page.locator("body").press("Space")
    expect(page.locator("#screen")).to_have_class(re.compile("running"))
    page.keyboard.press("m")
    page.keyboard.type("m f m")
    expect(page.locator("#mark-label")).to_have_value("m f m")
    expect(page.locator("#screen")).to_have_class(re.compile("running"))


def test_keys_are_explained_and_can_be_switched_off_for_good(visit: Visitor) -> None:
    page = visit("/live")
    start_camera(page)
    page.click("#keys")
    expect(page.locator("#keys-dialog")).to_contain_text("Mark this moment")
    assert faults(page) == []
    page.uncheck("#keys-on")
    page.keyboard.press("Escape")
    page.reload()
    start_camera(page)
    page.keyboard.press("m")
    expect(page.locator("#mark-form")).to_be_hidden()


def test_details_are_shown_to_who_asks_and_remembered(visit: Visitor) -> None:
    page = visit("/live")
    start_camera(page)
    expect(page.locator("#meters")).to_be_hidden()
    page.click("#details")
    expect(page.locator("#meters")).to_be_visible()
    page.reload()
    start_camera(page)
    expect(page.locator("#meters")).to_be_visible()
    expect(page.locator("#details")).to_have_attribute("aria-pressed", "true")


def test_the_board_fills_the_screen_and_comes_back(visit: Visitor) -> None:
    page = visit("/live")
    start_camera(page)
    page.click("#full")
    expect(page.locator("#live:fullscreen")).to_be_visible()
    expect(page.locator("#full")).to_have_attribute("aria-label", "Leave full screen")
    page.locator("body").press("f")
    expect(page.locator("#live:fullscreen")).to_have_count(0)


def test_the_name_and_the_participant_are_those_of_the_session(visit: Visitor, server: Server) -> None:
    page = visit("/live")
    expect(page.locator("#consent-names")).to_be_hidden()
    page.check("#record")
    page.fill("#session-title", MARKUP)
    page.fill("#session-participant", " P-07 ")
    assert faults(page) == []
    start_camera(page)
    session = page.locator("#recording-uid").inner_text()
    found = rows(server, "SELECT title, participant FROM sessions WHERE uid = ?", session.replace("-", ""))
    assert found == [(MARKUP, "P-07")]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_what_was_not_kept_is_summed_up_too_and_said_not_to_be_kept(visit: Visitor, scheme: str) -> None:
    page = visit("/live", color_scheme=scheme)
    start_camera(page)
    stop(page)
    expect(page.locator("#summary")).to_be_focused()
    expect(page.locator("#summary-state")).to_contain_text("Nothing was kept.")
    expect(page.locator("#summary-duration")).to_have_text(re.compile(r"^0:\d\d$"))
    expect(page.locator("#summary-people-count")).to_have_text(re.compile(r"^[1-9]"))
    expect(page.locator("#summary-common")).to_have_text("Happiness")
    expect(page.locator("#summary-people tbody tr").first).to_contain_text("Happiness")
    expect(page.locator("#summary-timeline svg").first).to_be_visible()
    expect(page.locator("#recording")).to_be_hidden()
    assert faults(page) == []
    page.click("#again")
    expect(page.locator("#consent")).to_be_visible()
    expect(page.locator("#summary")).to_be_hidden()


def test_what_was_kept_is_summed_up_by_the_server_and_stays_when_that_is_wanted(visit: Visitor, server: Server) -> None:
    page = visit("/live")
    session, receipt = keep(page)
    page.wait_for_timeout(1200)
    end(page)
    expect(page.locator("#summary-state")).to_have_text("This session is kept, unless you delete it.")
    expect(page.locator("#summary-timeline svg").first).to_be_visible()
    expect(page.locator("#recording-receipt")).to_have_text(receipt)
    expect(page.locator("#recording-advice")).to_contain_text("not shown again")
    assert faults(page) == []
    page.click("#recording-keep")
    expect(page.locator("#recording")).to_be_hidden()
    expect_the_question(page)
    assert sessions_of(server, session) == 1


def test_a_summary_that_the_server_does_not_draw_is_drawn_from_what_was_seen(visit: Visitor) -> None:
    visit.expected.append("ERR_FAILED")
    page = visit("/live")
    page.route("**/timeline*", lambda route: route.abort())
    keep(page)
    page.wait_for_timeout(1200)
    end(page)
    expect(page.locator("#summary-timeline svg").first).to_be_visible()
    expect(page.locator("#summary-common")).to_have_text("Happiness")


def test_a_session_is_deleted_from_its_summary_once_that_is_said_twice(visit: Visitor, server: Server) -> None:
    page = visit("/live")
    session, _ = keep(page)
    end(page)
    page.click("#recording-delete")
    page.click("#delete-dialog [value=no]")
    expect(page.locator("#recording")).to_be_visible()
    assert sessions_of(server, session) == 1
    delete(page)
    expect(page.locator("#toast")).to_have_text("The session is deleted.")
    expect_the_question(page)
    assert sessions_of(server, session) == 0


def test_the_summary_of_an_account_leads_to_its_session(visit: Visitor, signed_in: StorageState) -> None:
    page = visit("/live", storage_state=signed_in)
    session, _ = keep(page)
    end(page)
    expect(page.locator("#recording-link")).to_have_attribute("href", f"/sessions/{session}")
    delete(page)
    expect(page.locator("#recording")).to_be_hidden()


def test_all_of_it_goes_by_keyboard_alone(visit: Visitor) -> None:
    page = visit("/live")
    expect(page.locator("#agree")).to_be_enabled()
    page.locator("#record").press("Space")
    page.locator("#agree").press("Enter")
    expect_a_smile(page)
    expect(page.locator("#screen")).to_be_focused()
    for target in ("toggle", "stop"):
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.id") == target
    expect(page.locator(".live-lane")).to_have_count(1)
    page.keyboard.press("Enter")
    expect(page.locator("#summary")).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator("#consent")).to_be_focused()
