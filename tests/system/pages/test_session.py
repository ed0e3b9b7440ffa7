"""One recorded session: its timeline, what is written on it, its markers, its export."""

from __future__ import annotations

import csv
import json
import re
from itertools import count
from pathlib import Path

import pytest
from playwright.sync_api import Page, StorageState, expect

from scripts.example_sessions import Example, fill
from tests.support.servers import Server

from .conftest import PASSWORD, Visitor, arrive, sign_in
from .test_everywhere import faults
from .test_sessions import FORMULA, MARKUP

NUMBERS = count(1)


def opened(visit: Visitor, state: StorageState, uid: str, **options: object) -> Page:
    """Open a session and wait for its timeline."""
    page = visit(f"/sessions/{uid}", storage_state=state, **options)
    expect(page.locator(".timeline-chart .lane").first).to_be_visible()
    return page


def said(page: Page) -> str:
    """Return what a screen reader says of the chosen moment."""
    return page.locator(".timeline-chart").get_attribute("aria-valuetext") or ""


@pytest.fixture
def own(server: Server) -> tuple[str, str]:
    """A user of the test's own, and the session of theirs that it may change."""
    name = f"writes-{next(NUMBERS)}"
    example = Example("Mine", "P-09", 0.1, 60, [(0, 60), (0, 20), (30, 50)], [(10, "before")])
    (uid,) = fill(server.folder, name, PASSWORD, [example])
    return name, uid


def open_own(visit: Visitor, own: tuple[str, str]) -> Page:
    page = visit.new_page()
    sign_in(page, own[0], PASSWORD)
    page.goto(f"/sessions/{own[1]}")
    expect(page.locator(".timeline-chart .lane").first).to_be_visible()
    return page


def test_a_session_says_what_it_is(visit: Visitor, researcher: StorageState, recorded: list[str]) -> None:
    page = opened(visit, researcher, recorded[0])
    expect(page.locator("#title")).to_have_value("Interview 1")
    expect(page.locator("#participant")).to_have_value("P-01")
    facts = page.locator("#facts")
    for text in ("Ended", "4:00", "Camera", "UTC", "0:20 in all: 2:30–2:50", "v1.0.0", "380"):
        expect(facts).to_contain_text(text)
    expect(page.locator(".lane")).to_have_count(2)
    expect(page.locator(".lane .gap").first).to_be_attached()
    expect(page.locator(".marker-names")).to_contain_text("question 2")


def test_a_session_of_somebody_else_is_not_found(visit: Visitor, signed_in: StorageState, recorded: list[str]) -> None:
    visit.expected.append("404")
    page = visit(f"/sessions/{recorded[0]}", storage_state=signed_in)
    expect(page.get_by_role("heading", name="Session not found")).to_be_visible()
    expect(page.locator("#session")).to_be_hidden()


def test_the_timeline_is_read_by_arrow_keys(visit: Visitor, researcher: StorageState, recorded: list[str]) -> None:
    page = opened(visit, researcher, recorded[0])
    chart = page.locator(".timeline-chart")
    chart.focus()
    assert said(page).startswith("0:00, Person 1: ")
    chart.press("ArrowRight")
    assert said(page).startswith("0:01, Person 1: ")
    chart.press("Shift+ArrowRight")
    assert said(page).startswith("0:11, ")
    chart.press("ArrowDown")
    assert said(page) == "0:11, Person 2: not seen"
    chart.press("End")
    assert said(page).startswith("3:59, Person 2")
    chart.press("Home")
    assert said(page).startswith("0:00, Person 2")
    expect(page.locator(".readout-people li")).to_have_count(2)
    expect(page.locator(".readout-scores li")).to_have_count(7)
    expect(page.locator("#offset_ms")).to_have_value("0:00")


def test_zooming_by_keys_fetches_a_finer_step_and_all_is_shown_again(
    visit: Visitor, researcher: StorageState, recorded: list[str]
) -> None:
    page = opened(visit, researcher, recorded[2])
    chart = page.locator(".timeline-chart")
    chart.focus()
    chart.press("ArrowRight")
    assert said(page).startswith("0:05, ")
    with page.expect_response("**/timeline?*since_ms=*") as answer:
        chart.press("+")
        chart.press("+")
    assert answer.value.ok
    expect(chart).to_have_attribute("aria-valuemax", "450")
    expect(page.locator(".timeline .axis")).not_to_contain_text("30:00")
    expect(page.locator(".timeline")).to_have_attribute("aria-busy", "false")
    chart.press("ArrowRight")
    expect(chart).to_have_attribute("aria-valuetext", re.compile("0:06, "))
    chart.press("0")
    expect(chart).to_have_attribute("aria-valuemax", "1800")


def test_a_stretch_is_dragged_into_view(visit: Visitor, researcher: StorageState, recorded: list[str]) -> None:
    page = opened(visit, researcher, recorded[0])
    chart = page.locator(".timeline-chart")
    box = chart.bounding_box()
    assert box
    middle = box["y"] + box["height"] / 2
    page.mouse.move(box["x"] + box["width"] * 0.25, middle)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] * 0.5, middle, steps=5)
    expect(page.locator(".timeline-stretch")).to_be_visible()
    page.mouse.up()
    expect(chart).to_have_attribute("aria-valuemin", "60")
    expect(chart).to_have_attribute("aria-valuemax", "120")
    page.get_by_role("button", name="Show all of it").click()
    expect(chart).to_have_attribute("aria-valuemin", "0")


def test_a_table_stands_behind_the_timeline(visit: Visitor, researcher: StorageState, recorded: list[str]) -> None:
    page = opened(visit, researcher, recorded[0])
    page.locator(".timeline details summary").click()
    table = page.locator(".timeline details table")
    expect(table.locator("caption")).to_have_text("Mean scores of each person, in steps of 1 s.")
    expect(table.locator("tbody tr")).to_have_count(380)
    expect(table.locator("tbody tr").first).to_contain_text("Person 1")
    heads = table.locator("thead th").all_inner_texts()
    assert heads[5:] == ["Happiness", "Surprise", "Neutral", "Sadness", "Fear", "Disgust", "Anger"]


@pytest.mark.parametrize("text", [MARKUP, FORMULA], ids=["markup", "formula"])
def test_title_participant_and_notes_are_written_where_they_stand(
    visit: Visitor, own: tuple[str, str], text: str
) -> None:
    page = open_own(visit, own)
    for field in ("title", "participant", "notes"):
        page.fill(f"#{field}", text)
        with page.expect_response(lambda answer: answer.request.method == "PATCH"):
            page.locator(f"#{field}").blur()
    page.reload()
    for field in ("title", "participant", "notes"):
        expect(page.locator(f"#{field}")).to_have_value(text)
    assert page.title() == f"{text} · VisionAI"
    page.fill("#title", "something else")
    page.press("#title", "Escape")
    expect(page.locator("#title")).to_have_value(text)
    assert page.locator("main img").count() == 0


def test_people_with_the_same_label_become_one_lane(visit: Visitor, own: tuple[str, str]) -> None:
    page = open_own(visit, own)
    expect(page.locator(".lane")).to_have_count(3)
    for person in (2, 3):
        page.locator(f".person[data-person='{person}'] input").fill(MARKUP)
        page.keyboard.press("Enter")
        expect(page.locator("#toast")).to_have_text("Saved.")
        expect(page.locator(".lane-name", has_text=MARKUP)).to_have_count(1)
    expect(page.locator(".lane")).to_have_count(2)
    expect(page.locator(".person")).to_have_count(2)
    expect(page.locator(".person[data-person='2']")).to_contain_text("numbers 2, 3")
    assert page.locator("main img").count() == 0


def test_a_marker_is_added_at_the_chosen_moment_gone_to_and_deleted(visit: Visitor, own: tuple[str, str]) -> None:
    page = open_own(visit, own)
    chart = page.locator(".timeline-chart")
    chart.focus()
    for _ in range(2):
        chart.press("Shift+ArrowRight")
    page.fill("#label", MARKUP)
    page.press("#label", "Enter")
    expect(page.locator("#markers li")).to_have_count(2)
    expect(page.locator("#markers li").nth(1)).to_contain_text(MARKUP)
    expect(page.locator(".marker-names")).to_contain_text("<img src=x")
    page.get_by_role("button", name="Go to 0:10: before").click()
    assert said(page).startswith("0:10, ")
    page.get_by_role("button", name=f"Delete the marker {MARKUP}").click()
    expect(page.locator("#markers li")).to_have_count(1)
    assert page.locator("main img").count() == 0


def test_a_moment_that_is_none_is_said_beside_its_field(visit: Visitor, own: tuple[str, str]) -> None:
    visit.expected.append("422")
    page = open_own(visit, own)
    for moment, text in (("soon", "as in 1:05"), ("9:59", "after its end")):
        page.fill("#offset_ms", moment)
        page.fill("#label", "x")
        page.press("#label", "Enter")
        expect(page.locator("#offset_ms-wrong")).to_contain_text(text)


def test_an_open_session_is_followed(visit: Visitor, server: Server) -> None:
    page = visit("/sessions")
    started = page.request.post("/api/v1/sessions", data={"title": "Going on"}).json()
    page.fill("#session", started["uid"])
    page.fill("#receipt", started["receipt"])
    page.press("#receipt", "Enter")
    arrive(page, f"/sessions/{started['uid']}")
    expect(page.locator("#facts")).to_contain_text("Recording")
    page.request.post(
        f"{server.url}/api/v1/sessions/{started['uid']}/end", headers={"X-Session-Receipt": started["receipt"]}
    )
    expect(page.locator("#facts")).to_contain_text("Ended")


def test_a_session_is_exported_as_two_kinds_of_file(visit: Visitor, own: tuple[str, str]) -> None:
    page = open_own(visit, own)
    saved: dict[str, Path] = {}
    for kind in ("csv", "json"):
        with page.expect_download() as download:
            page.click(f"#export-{kind}")
        saved[kind] = download.value.path()
    rows = [*csv.DictReader(saved["csv"].read_text(encoding="utf-8-sig").splitlines())]
    assert len(rows) == len(json.loads(saved["json"].read_text())) == 100
    assert {row["session_uid"] for row in rows} == {own[1]}


def test_a_session_is_deleted_where_it_is_shown(visit: Visitor, own: tuple[str, str]) -> None:
    visit.expected.append("404")
    page = open_own(visit, own)
    page.click("#delete")
    expect(page.locator("#delete-name")).to_have_text("Mine")
    page.locator("#delete-dialog [value=yes]").click()
    arrive(page, "/sessions")
    page.goto(f"/sessions/{own[1]}")
    expect(page.locator("#missing")).to_be_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_no_serious_fault_in_a_session(
    visit: Visitor, researcher: StorageState, recorded: list[str], scheme: str
) -> None:
    page = opened(visit, researcher, recorded[0], color_scheme=scheme, locale="es")
    page.locator(".timeline-chart").focus()
    page.locator(".timeline details summary").click()
    assert faults(page) == []


def test_nothing_of_a_session_is_wider_than_a_small_phone(
    visit: Visitor, researcher: StorageState, recorded: list[str]
) -> None:
    page = opened(visit, researcher, recorded[0], locale="es", viewport={"width": 320, "height": 640})
    wide = """[...document.querySelectorAll("main *")].filter((node) =>
        !node.closest(".table-frame") && node.getBoundingClientRect().right > innerWidth + 1).length"""
    assert page.evaluate(wide) == 0


def test_forced_colours_keep_the_areas_and_show_the_cursor(
    visit: Visitor, researcher: StorageState, recorded: list[str]
) -> None:
    page = opened(visit, researcher, recorded[0], forced_colors="active")
    page.locator(".timeline-chart").focus()
    fills = page.locator(".emotion-pattern rect").evaluate_all("nodes => nodes.map(n => getComputedStyle(n).fill)")
    assert len(set(fills)) == 7
    expect(page.locator(".timeline-cursor")).to_be_visible()
