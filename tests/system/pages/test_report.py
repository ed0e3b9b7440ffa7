"""The report of a recorded session: on paper, and as one file that opens without a network."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, StorageState, expect

from scripts.example_sessions import Example, fill
from tests.support.servers import Server

from .conftest import PASSWORD, Visitor, sign_in
from .test_everywhere import faults
from .test_sessions import FORMULA, MARKUP


def reported(visit: Visitor, state: StorageState, uid: str, **options: object) -> Page:
    page = visit(f"/sessions/{uid}/report", storage_state=state, **options)
    expect(page.locator("#timeline .lane").first).to_be_visible()
    return page


def kept(page: Page, folder: Path) -> Path:
    """Download the report and return its file."""
    with page.expect_download() as download:
        page.click("#keep")
    assert download.value.suggested_filename.startswith("visionai-report-")
    file = folder / "report.html"
    download.value.save_as(file)
    return file


def test_a_report_says_what_was_recorded_and_what_it_does_not_mean(
    visit: Visitor, researcher: StorageState, recorded: list[str]
) -> None:
    page = reported(visit, researcher, recorded[0], timezone_id="America/Bogota")
    sheet = page.locator("#sheet")
    for text in ("Interview 1", "P-01", "America/Bogota", "Uncertain seconds", "2:30–2:50", "question 1", "v1.0.0"):
        expect(sheet).to_contain_text(text)
    for text in ("Happiness", "Gap: no connection", "Person 2", "no basis for a diagnosis", "apparent expression"):
        expect(sheet).to_contain_text(text)
    assert page.locator("#people thead th").all_inner_texts()[2:4] == ["Happiness", "Surprise"]


def test_the_file_opens_from_the_disk_without_script_or_network(
    visit: Visitor, browser: Browser, researcher: StorageState, recorded: list[str], tmp_path: Path
) -> None:
    file = kept(reported(visit, researcher, recorded[0]), tmp_path)
    context = browser.new_context(offline=True, java_script_enabled=False)
    page = context.new_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(file.as_uri())
    expect(page.locator("#sheet-title")).to_have_text("Interview 1")
    expect(page.locator(".lane-picture")).to_have_count(2)
    expect(page.locator(".lane-picture .area").first).to_be_visible()
    assert asked == [file.as_uri()]
    context.close()
    text = file.read_text(encoding="utf-8")
    assert "<script" not in text
    assert "http://127" not in text


@pytest.mark.parametrize("text", [f"{MARKUP}</title></head></style>", FORMULA], ids=["markup", "formula"])
def test_what_people_wrote_stays_text_in_the_file(
    visit: Visitor, browser: Browser, server: Server, tmp_path: Path, text: str
) -> None:
    name = f"reports-{len(text)}"
    example = Example(text, text, 0.1, 30, [(0, 30)], [(5, text)], labels=[(1, text)])
    (uid,) = fill(server.folder, name, PASSWORD, [example])
    page = visit.new_page()
    sign_in(page, name, PASSWORD)
    page.goto(f"/sessions/{uid}")
    page.fill("#notes", text)
    with page.expect_response(lambda answer: answer.request.method == "PATCH"):
        page.locator("#notes").blur()
    page.goto(f"/sessions/{uid}/report")
    expect(page.locator("#timeline .lane-name")).to_have_text(text)
    file = kept(page, tmp_path)
    context = browser.new_context(offline=True)
    opened = context.new_page()
    opened.goto(file.as_uri())
    for place in ("#sheet-title", "#notes", ".lane-name", "#people tbody th", "#markers td"):
        expect(opened.locator(place)).to_have_text(text)
    assert opened.title() == f"{text} · VisionAI"
    assert opened.evaluate("document.querySelectorAll('img, script').length") == 0
    context.close()


def test_on_paper_there_is_the_sheet_alone(visit: Visitor, researcher: StorageState, recorded: list[str]) -> None:
    page = reported(visit, researcher, recorded[0], viewport={"width": 700, "height": 990})
    page.emulate_media(media="print")
    for gone in (".masthead", "#actions", "#timeline .timeline-readout", ".footer"):
        expect(page.locator(gone)).to_be_hidden()
    expect(page.locator("#timeline .lane-picture").first).to_be_visible()
    wide = "[...document.querySelectorAll('#sheet *')].filter(n => n.getBoundingClientRect().right > 701).length"
    assert page.evaluate(wide) == 0
    expect(page.locator("body")).to_have_css("background-color", "rgb(255, 255, 255)")


def test_a_report_of_somebody_else_is_not_found(visit: Visitor, signed_in: StorageState, recorded: list[str]) -> None:
    visit.expected.append("404")
    page = visit(f"/sessions/{recorded[0]}/report", storage_state=signed_in)
    expect(page.locator("#missing")).to_be_visible()
    expect(page.locator("#sheet")).to_be_hidden()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_no_serious_fault_in_a_report(
    visit: Visitor, researcher: StorageState, recorded: list[str], scheme: str
) -> None:
    assert faults(reported(visit, researcher, recorded[0], color_scheme=scheme, locale="es")) == []
