"""The dashboard and the history: filters, exports, pages, and what is shown where there is nothing."""

from __future__ import annotations

import csv
import json
import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, StorageState, expect

from scripts.browser import launch
from tests.support.servers import Server

from .conftest import USERNAME, Visitor, arrive

NUMBER = re.compile(r"\d")


def figure(page: Page) -> int:
    """Wait for the total and return it."""
    expect(page.locator("#total")).to_have_text(NUMBER)
    return int(page.locator("#total").inner_text().replace(",", ""))


def test_filters_live_in_the_address_and_in_the_way_back(visit: Visitor) -> None:
    page = visit("/dashboard")
    everything = figure(page)
    page.select_option("#filter-emotion", "happy")
    page.wait_for_url("**/dashboard?emotion=happy")
    expect(page.locator("#total")).not_to_have_text(f"{everything:,}")
    happy = figure(page)
    assert 0 < happy < everything
    page.reload()
    expect(page.locator("#filter-emotion")).to_have_value("happy")
    assert figure(page) == happy
    page.go_back()
    expect(page.locator("#filter-emotion")).to_have_value("")
    expect(page.locator("#total")).to_have_text(f"{everything:,}")


def test_the_share_of_one_expression_is_its_share_of_all(visit: Visitor) -> None:
    page = visit("/dashboard")
    everything = figure(page)
    page.locator("#shares-table").get_by_role("button", name="Happiness").click()
    expect(page.locator("#shares-of")).to_have_text("of all")
    expect(page.locator("#shares-total")).to_have_text(f"{round(100 * figure(page) / everything)}%")
    expect(page.locator("#shares-table .brought-out")).to_contain_text("Happiness")
    expect(page.locator("#shares-table .held-back")).to_have_count(6)


def test_the_expression_in_detail_stays_when_the_period_changes(visit: Visitor) -> None:
    page = visit("/dashboard")
    figure(page)
    page.select_option("#detail-choice", "sad")
    expect(page.locator("#detail")).to_contain_text("Sadness")
    with page.expect_response("**/dashboard/stats*since=*"):
        page.select_option("#filter-period", "30d")
    expect(page.locator("#detail")).to_contain_text("Sadness")


def test_mine_is_part_of_all_and_only_offered_to_who_is_signed_in(visit: Visitor, signed_in: StorageState) -> None:
    expect(visit("/dashboard").locator("#filter-who")).to_be_hidden()
    page = visit("/dashboard", storage_state=signed_in)
    everything = figure(page)
    page.get_by_label("Mine").check()
    page.wait_for_url("**who=me*")
    expect(page.locator("#total")).not_to_have_text(f"{everything:,}")
    assert 0 < figure(page) < everything


def test_hours_and_days_and_one_expression_can_be_looked_at(visit: Visitor) -> None:
    page = visit("/dashboard")
    figure(page)
    expect(page.locator("#time-table tbody tr")).to_have_count(7)
    page.get_by_label("Hours").check()
    page.wait_for_url("**bucket=hour*")
    expect(page.locator("#time-table tbody tr").nth(8)).to_be_attached()
    page.select_option("#detail-choice", "sad")
    expect(page.locator("#detail")).to_contain_text("Sadness")


def test_the_last_day_ends_with_this_hour(visit: Visitor) -> None:
    page = visit("/")
    with page.expect_response("**/dashboard/timeline*") as answer:
        page.goto("/dashboard?period=24h")
    assert len(answer.value.json()["timeline"]) in (24, 25)  # 25 where an hour begins meanwhile.


def test_where_nothing_fits_the_page_says_so(visit: Visitor) -> None:
    page = visit("/dashboard?period=own&from=2001-01-01&to=2001-01-07")
    expect(page.locator("#empty")).to_be_visible()
    expect(page.locator("#board")).to_be_hidden()


def test_a_failure_is_said_and_can_be_tried_again(visit: Visitor) -> None:
    visit.expected.append("503")
    page = visit("/")
    error = {"error": {"code": "database_unavailable", "message": "<b>The database</b> is away.", "details": {}}}
    page.route("**/dashboard/stats*", lambda route: route.fulfill(status=503, json=error))
    page.route_web_socket("**/socket.io/**", lambda _: None)  # Else the stream's first word has it tried again, too.
    page.goto("/dashboard")
    expect(page.locator("#failed-text")).to_have_text("<b>The database</b> is away.")
    page.unroute("**/dashboard/stats*")
    page.click("#failed-again")
    figure(page)
    expect(page.locator("#failed")).to_be_hidden()


@pytest.mark.parametrize("kind", ["csv", "json"])
def test_what_is_filtered_is_exported(visit: Visitor, signed_in: StorageState, kind: str) -> None:
    page = visit("/dashboard?emotion=happy&who=me", storage_state=signed_in)
    count = figure(page)
    with page.expect_download() as saved:
        page.click(f"#export-{kind}")
    assert saved.value.suggested_filename.endswith(f".{kind}")
    text = saved.value.path().read_text(encoding="utf-8-sig")
    rows = list(csv.DictReader(text.splitlines())) if kind == "csv" else rows_of(json.loads(text))
    assert len(rows) == count
    assert {row["emotion_name"] for row in rows} == {"happy"}


def rows_of(body: object) -> list[dict[str, str]]:
    return body if isinstance(body, list) else body["predictions"]  # type: ignore[index]


def test_an_export_that_breaks_off_is_said_and_leaves_no_half_a_file(visit: Visitor, signed_in: StorageState) -> None:
    page = visit("/dashboard", storage_state=signed_in)
    page.evaluate("() => { Response.prototype.blob = () => Promise.reject(new TypeError()) }")
    page.click("#export-csv")
    expect(page.locator("#toast")).to_contain_text("The server does not answer")
    expect(page.locator("#export-csv")).to_be_enabled()


def test_exporting_is_for_who_is_signed_in(visit: Visitor) -> None:
    page = visit("/dashboard")
    page.click("#export-csv")
    expect(page.locator("#toast")).to_contain_text("Sign in to export")


def test_the_history_goes_back_and_forth_by_pages(visit: Visitor, signed_in: StorageState) -> None:
    page = visit("/history", storage_state=signed_in)
    expect(page.locator("#rows tbody tr")).to_have_count(20)
    first = page.locator("#rows tbody tr").first.get_attribute("data-id")
    expect(page.locator("#newer")).to_be_disabled()
    page.click("#older")
    expect(page.locator("#place")).to_have_text("Page 2")
    assert page.locator("#rows tbody tr").first.get_attribute("data-id") != first
    page.click("#newer")
    expect(page.locator("#place")).to_have_text("Page 1")
    assert page.locator("#rows tbody tr").first.get_attribute("data-id") == first


def test_a_report_says_whose_it_is_and_what_its_figures_do_not_mean(visit: Visitor, signed_in: StorageState) -> None:
    page = visit("/history/report", storage_state=signed_in)
    expect(page.locator("#sheet-period")).to_contain_text(USERNAME)
    expect(page.locator("#sheet")).to_contain_text("no basis for a diagnosis")
    page.emulate_media(media="print")
    expect(page.locator("#print")).to_be_hidden()
    expect(page.locator("#sheet")).to_be_visible()


def test_who_deletes_everything_has_nothing_left(visit: Visitor) -> None:
    page = visit("/register?next=/live")
    page.fill("#username", "limpia")
    page.fill("#password", "una frase larga")
    page.press("#password", "Enter")
    arrive(page, "/live")
    page.check("#record")
    page.click("#agree")
    expect(page.locator("#overlay")).to_have_attribute("data-emotions", "happy")
    page.click("#stop")
    page.goto("/history")
    expect(page.locator("#rows tbody tr").first).to_be_visible()
    page.click("#delete-all")
    page.locator("#delete-dialog [value=yes]").click()
    expect(page.locator("#empty")).to_be_visible()


def test_a_name_that_begins_like_a_formula_is_shown_as_it_is_and_guarded_in_a_spreadsheet(
    visit: Visitor, photo: Path
) -> None:
    name = "-2-3"  # The nearest to a formula that names may be; markup and the rest of a formula are refused.
    page = visit("/register?next=/")
    page.fill("#username", name)
    page.fill("#password", "una frase larga")
    page.press("#password", "Enter")
    arrive(page, "/")
    expect(page.locator("#account-name")).to_have_text(name)
    page.check("#record")
    page.set_input_files("#file", photo)
    expect(page.locator("#outcome .verdict")).to_be_visible()
    page.goto("/history")
    expect(page.locator("#rows time")).to_have_count(1)
    with page.expect_download() as saved:
        page.click("#export-csv")
    (row,) = csv.DictReader(saved.value.path().read_text(encoding="utf-8-sig").splitlines())
    assert f"'{name}" in row.values()
    assert name not in row.values()


def test_going_back_to_the_dashboard_finds_it_up_to_date(browser: Browser, server: Server) -> None:
    keeping = launch(browser.browser_type, without=["--disable-back-forward-cache"])
    visitor = Visitor(keeping, server)
    page = visitor("/dashboard")
    expect(page.locator("#updates")).to_have_attribute("data-state", "on")
    page.evaluate("window.kept = true")
    page.get_by_role("link", name="Model").first.click()
    arrive(page, "/model")
    page.go_back(wait_until="commit")
    expect(page.locator("#updates")).to_have_attribute("data-state", "on")
    figure(page)
    assert page.evaluate("window.kept")
    visitor.close()
    keeping.close()
