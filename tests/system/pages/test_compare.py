"""Recorded sessions over each other on one clock."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, StorageState, expect

from .conftest import Visitor
from .test_everywhere import faults


def compared(visit: Visitor, state: StorageState, uids: list[str], query: str = "", **options: object) -> Page:
    """Open a comparison and wait for its lanes."""
    asked = "&".join(f"uid={uid}" for uid in uids)
    page = visit(f"/sessions/compare?{asked}{query}", storage_state=state, **options)
    expect(page.locator("#lanes .lane").first).to_be_visible()
    return page


def test_two_sessions_are_aligned_at_a_marker_that_both_have(
    visit: Visitor, researcher: StorageState, recorded: list[str]
) -> None:
    page = compared(visit, researcher, recorded[:2])
    expect(page.locator("#lanes .timeline-chart")).to_have_attribute("aria-valuemin", "0")
    page.select_option("#align", label="Marker: question 1")
    expect(page.locator("#lanes .timeline-chart")).to_have_attribute("aria-valuemin", "-60")
    assert "align=marker%3Aquestion+1" in page.url
    expect(page.locator("#lanes .axis")).to_contain_text("−1:00")
    page.reload()
    expect(page.locator("#align")).to_have_value("marker:question 1")
    page.go_back()
    expect(page.locator("#align")).to_have_value("start")


def test_only_markers_of_all_are_offered(visit: Visitor, researcher: StorageState, recorded: list[str]) -> None:
    page = compared(visit, researcher, [recorded[0], recorded[2]])
    assert page.locator("#align option").all_inner_texts() == ["Start of the session"]


def test_each_session_has_a_letter_a_line_and_its_lanes(
    visit: Visitor, researcher: StorageState, recorded: list[str]
) -> None:
    page = compared(visit, researcher, recorded[:2])
    assert page.locator("#chosen .session-letter").all_inner_texts() == ["A", "B"]
    expect(page.locator(".line-charts .line-chart")).to_have_count(7)
    expect(page.locator(".line-charts .line-chart").first.locator(".line")).to_have_count(2)
    names = page.locator("#lanes .lane-name").all_inner_texts()
    assert names == ["A · Person 1", "A · Person 2", "B · Person 1", "B · Person 2", "B · Person 3"]


def test_one_expression_is_brought_out_and_stays_in_the_address(
    visit: Visitor, researcher: StorageState, recorded: list[str]
) -> None:
    page = compared(visit, researcher, recorded[:2])
    page.select_option("#expression", label="Fear")
    expect(page.locator(".line-charts .line-chart")).to_have_count(1)
    page.reload()
    expect(page.locator(".line-charts .line-chart h3")).to_have_text("Fear")
    page.locator("details", has=page.locator("#lines-table")).locator("summary").click()
    heads = page.locator("#lines-table thead th").all_inner_texts()
    assert heads == ["Time", "A Fear", "B Fear", "Agreement", "People counted"]


def test_agreement_is_shown_with_how_many_people_it_is_of(
    visit: Visitor, researcher: StorageState, recorded: list[str]
) -> None:
    page = compared(visit, researcher, recorded[:2], "&step=10s")
    expect(page.locator("#agreement rect[data-emotion]").first).to_be_attached()
    page.locator("details", has=page.locator("#lines-table")).locator("summary").click()
    counted = page.locator("#lines-table tbody tr td:last-child").all_inner_texts()
    assert {int(count) for count in counted if count != "–"} <= {2, 3, 4, 5}
    assert "–" in counted


def test_a_session_is_added_and_another_removed(visit: Visitor, researcher: StorageState, recorded: list[str]) -> None:
    page = visit(f"/sessions/compare?uid={recorded[0]}", storage_state=researcher)
    expect(page.locator("#few")).to_be_visible()
    expect(page.locator("#chosen")).to_contain_text("Interview 1")
    page.select_option("#add", label="Interview 2")
    expect(page.locator("#charts")).to_be_visible()
    page.get_by_role("button", name="Remove Interview 1").click()
    expect(page.locator("#charts")).to_be_hidden()
    assert page.url.endswith(f"compare?uid={recorded[1]}")


def test_a_marker_that_one_of_them_lacks_is_said(visit: Visitor, researcher: StorageState, recorded: list[str]) -> None:
    visit.expected.append("422")
    asked = "&".join(f"uid={uid}" for uid in recorded[:2])
    page = visit(f"/sessions/compare?{asked}&align=marker:none", storage_state=researcher)
    expect(page.locator("#failed-text")).to_contain_text("no marker of that label")


def test_what_is_not_theirs_is_not_compared(visit: Visitor, signed_in: StorageState, recorded: list[str]) -> None:
    visit.expected.append("404")
    asked = "&".join(f"uid={uid}" for uid in recorded[:2])
    page = visit(f"/sessions/compare?{asked}", storage_state=signed_in)
    expect(page.locator("#failed-text")).not_to_be_empty()
    expect(page.locator("#charts")).to_be_hidden()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_no_serious_fault_in_a_comparison(
    visit: Visitor, researcher: StorageState, recorded: list[str], scheme: str
) -> None:
    page = compared(visit, researcher, recorded[:2], color_scheme=scheme, locale="es")
    page.locator("details", has=page.locator("#lines-table")).locator("summary").click()
    assert faults(page) == []


def test_nothing_of_a_comparison_is_wider_than_a_small_phone(
    visit: Visitor, researcher: StorageState, recorded: list[str]
) -> None:
    page = compared(visit, researcher, recorded[:2], locale="es", viewport={"width": 320, "height": 640})
    wide = """[...document.querySelectorAll("main *")].filter((node) =>
        !node.closest(".table-frame") && node.getBoundingClientRect().right > innerWidth + 1).length"""
    assert page.evaluate(wide) == 0
