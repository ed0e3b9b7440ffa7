"""What is kept: said before the first frame, off until it is chosen, and never chosen again by itself."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.support.servers import Server, start_server

from .conftest import Visitor
from .test_live import end, start_camera, total


def expect_the_question(page: Page) -> None:
    """Expect that it is asked in full, with nothing chosen."""
    expect(page.locator("#consent-question")).to_be_visible()
    expect(page.locator("#record")).to_be_enabled()
    expect(page.locator("#record")).not_to_be_checked()


def refuse(page: Page) -> None:
    start_camera(page)
    end(page)


def test_the_question_names_what_is_kept_and_nothing_is_chosen(visit: Visitor) -> None:
    page = visit("/live")
    expect_the_question(page)
    row = page.locator("[data-tables=predictions_log]")
    expect(row.locator("dt", has_text="source_ip")).to_be_visible()
    expect(row).to_contain_text("The first part of your network address")


def test_the_choice_stays_in_sight_while_the_text_is_scrolled(visit: Visitor) -> None:
    page = visit("/live")
    page.locator("#consent").evaluate("node => node.scrollTo(0, node.scrollHeight / 2)")
    expect(page.locator("#agree")).to_be_in_viewport()
    page.set_viewport_size({"width": 390, "height": 844})
    page.locator("[data-tables=sessions]").scroll_into_view_if_needed()
    expect(page.locator("#agree")).to_be_in_viewport()


def test_a_refusal_is_remembered_and_not_asked_for_again(visit: Visitor) -> None:
    page = visit("/live")
    refuse(page)
    for _ in ("stopped", "visited again"):
        expect(page.locator("#consent-refused")).to_be_visible()
        expect(page.locator("#consent-question")).to_be_hidden()
        expect(page.locator("#record")).to_be_hidden()
        page.reload()


def test_who_refused_may_change_their_mind_and_begins_with_nothing_chosen(visit: Visitor, server: Server) -> None:
    page = visit("/live")
    refuse(page)
    before = total(server)
    page.click("#choose-again")
    expect_the_question(page)
    start_camera(page, keep=True)
    page.wait_for_function(
        "before => fetch('/api/v1/dashboard/stats').then((r) => r.json()).then((s) => s.total_predictions > before)",
        arg=before,
    )


@pytest.mark.parametrize("again", ["stop", "reload", "another visit"])
def test_to_keep_is_never_chosen_again_by_itself(visit: Visitor, again: str) -> None:
    page = visit("/live")
    start_camera(page, keep=True)
    if again == "reload":
        page.reload()
    elif again == "another visit":
        page.goto("/model")
        page.goto("/live")
    else:
        end(page)
    expect_the_question(page)


def test_a_tick_that_was_not_used_is_gone_when_one_comes_back(visit: Visitor) -> None:
    page = visit("/live")
    page.check("#record")
    page.goto("/model")
    page.go_back()
    expect_the_question(page)


@pytest.mark.parametrize("change", ["signs in", "signs out"])
def test_whoever_signs_in_or_out_elsewhere_is_asked_again(visit: Visitor, change: str) -> None:
    page = visit("/live")
    if change == "signs out":
        page.evaluate("localStorage.setItem('visionai.user', JSON.stringify({ username: 'ana', role: 'user' }))")
        page.context.route("**/auth/refresh", lambda route: route.abort())
        visit.expected.append("ERR_FAILED")
        page.reload()
    start_camera(page, keep=True)
    other = page.context.new_page()
    other.goto("/model")
    other.evaluate(
        "localStorage.setItem('visionai.user', JSON.stringify({ username: 'eva', role: 'user' }))"
        if change == "signs in"
        else "localStorage.removeItem('visionai.user')"
    )
    expect_the_question(page)
    assert page.evaluate("document.getElementById('video').srcObject") is None


def test_another_source_is_asked_for_again(visit: Visitor) -> None:
    page = visit("/live")
    start_camera(page, keep=True)
    page.click("#choose-video")
    expect_the_question(page)


def test_a_run_that_ended_takes_the_choice_with_it_and_what_was_written_of_the_session(visit: Visitor) -> None:
    page = visit("/live")
    page.check("#record")
    page.fill("#session-participant", "P-07")
    start_camera(page)
    end(page)
    expect_the_question(page)
    page.check("#record")
    expect(page.locator("#session-participant")).to_have_value("")


@pytest.fixture
def changing(tmp_path: Path) -> Iterator[list[Server]]:
    """Servers to which a test adds the one that runs."""
    servers: list[Server] = []
    yield servers
    for server in servers:
        server.stop()


def test_another_text_is_asked_for_again(browser: Browser, tmp_path: Path, changing: list[Server]) -> None:
    changing.append(start_server(tmp_path))
    visit = Visitor(browser, changing[0])
    page = visit("/live")
    refuse(page)
    expect(page.locator("#consent-refused")).to_be_visible()
    page.goto("about:blank")
    changing[0].stop()
    changing.append(start_server(tmp_path, changing[0].port, DASHBOARD_PUBLIC="false"))
    page.goto("/live")
    expect_the_question(page)
    expect(page.locator("#kept")).to_contain_text("Everybody with an account on this server")
    visit.close()


def test_the_picture_of_the_home_page_leaves_a_row_only_where_that_is_chosen(
    visit: Visitor, server: Server, photo: Path
) -> None:
    page = visit("/")
    before = total(server)
    expect(page.locator("#record")).not_to_be_checked()
    page.set_input_files("#file", photo)
    expect(page.locator("#outcome .verdict")).to_be_visible()
    assert total(server) == before
    page.check("#record")
    page.set_input_files("#file", photo)
    expect(page.locator("#outcome .verdict")).to_be_visible()
    page.wait_for_load_state("networkidle")
    assert total(server) == before + 1
    page.reload()
    expect(page.locator("#record")).not_to_be_checked()


def test_the_home_page_leads_to_the_whole_text(visit: Visitor) -> None:
    page = visit("/")
    page.get_by_role("link", name="What is kept, who sees it, how to delete it").click()
    expect(page.locator("h1")).to_have_text("What is kept")
    expect(page.locator("[data-tables=predictions_log] dt", has_text="emotion_id")).to_be_visible()
