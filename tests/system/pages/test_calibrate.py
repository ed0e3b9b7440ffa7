"""Fitting the scores to one's own pictures in the browser, for administrators."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import requests
from playwright.sync_api import Browser, Page, Route, StorageState, expect

from scripts import faces
from scripts.browser import sign_in
from tests.support.servers import Server, environment_of, flask

from .conftest import PASSWORD, Visitor, new_context
from .test_everywhere import faults

FIGURES = {"accuracy": 0.6, "macro_recall": 0.58, "log_loss": 1.3, "calibration_error": 0.2}
BETTER = {"accuracy": 0.7, "macro_recall": 0.69, "log_loss": 0.9, "calibration_error": 0.05}
GAIN = {"value": 0.1, "standard_error": 0.03}
TRIAL = {
    "helps": True,
    "reason": None,
    "figures": {
        "before": FIGURES,
        "after": BETTER,
        "gains": {"accuracy": GAIN, "macro_recall": GAIN, "log_loss": {"value": 0.4, "standard_error": 0.1}},
    },
}


@pytest.fixture(scope="module")
def administrator(browser: Browser, server: Server) -> StorageState:
    """What a browser remembers in which an administrator has signed in."""
    account = {"username": "jefa", "password": PASSWORD}
    assert requests.post(f"{server.url}/api/v1/auth/register", json=account, timeout=30).status_code == 201
    flask(environment_of(server.folder), "users", "promote", "jefa")
    context = new_context(browser, server)
    sign_in(context.new_page(), "jefa", PASSWORD)
    state = context.storage_state()
    context.close()
    return state


@pytest.fixture
def page(visit: Visitor, administrator: StorageState) -> Page:
    """The page as an administrator sees it, the list of calibrations there."""
    page = visit("/model", storage_state=administrator)
    expect(page.locator("#calibrations tbody tr").first).to_be_visible()
    return page


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Six smiling faces called happy, six called sad, one of them no picture, and a folder of something else."""
    portrait = faces.portrait()
    for name in ("Alegría", "sad", "notes"):
        (tmp_path / "set" / name).mkdir(parents=True)
        for step in range(6):
            left = 4 * step + (2 if name == "sad" else 0)
            portrait.crop((left, 0, 480 + left // 2, 480)).save(tmp_path / "set" / name / f"{step}.jpg")
    (tmp_path / "set" / "sad" / "broken.jpg").write_bytes(b"not a picture")
    return tmp_path / "set"


def answered(answer: Any, status: int = 200) -> Callable[[Route], None]:
    return lambda route: route.fulfill(status=status, content_type="application/json", body=json.dumps(answer))


@pytest.mark.parametrize("signed", [True, False])
def test_nobody_but_an_administrator_sees_it(visit: Visitor, signed_in: StorageState, signed: bool) -> None:
    page = visit("/model", storage_state=signed_in if signed else None)
    expect(page.locator("#facts dd").first).to_be_visible()
    expect(page.locator("#calibrate-card")).to_be_hidden()


def test_a_folder_is_read_and_a_fit_that_does_not_help_says_why(page: Page, folder: Path, visit: Visitor) -> None:
    page.set_input_files("#calibrate-folder", folder)
    expect(page.locator("#calibrate-count-happy")).to_have_text("6 pictures")
    expect(page.locator("#calibrate-count-sad")).to_have_text("7 pictures")
    page.click("#calibrate-read")
    expect(page.locator("#calibrate-status")).to_have_text("Faces read: 12. Without a face: 0. Not readable: 1.")
    expect(page.locator("#trial-verdict")).to_contain_text("Check the labels")
    expect(page.locator("#trial-table")).to_contain_text("Balanced accuracy")
    expect(page.locator("#keep")).to_be_hidden()
    page.click("#discard")
    expect(page.locator("#trial")).to_be_hidden()


def test_too_few_pictures_are_told_in_words(page: Page, folder: Path, visit: Visitor) -> None:
    visit.expected.append("422")
    page.set_input_files("#calibrate-happy", folder / "Alegría" / "0.jpg")
    page.click("#calibrate-read")
    expect(page.locator("#calibrate-failed-text")).to_contain_text("at least two expressions")


def test_nothing_chosen_is_told_in_words(page: Page) -> None:
    page.click("#calibrate-read")
    expect(page.locator("#calibrate-failed-text")).to_have_text("Choose pictures first.")


def test_a_fit_that_helps_is_kept_under_a_name_by_keyboard(page: Page, folder: Path) -> None:
    asked: list[Any] = []
    page.route("**/calibrations/trial", answered(TRIAL))

    def keep(route: Route) -> None:
        if route.request.method == "GET":
            return route.continue_()
        asked.append(route.request.post_data_json)
        return route.fulfill(status=201, content_type="application/json", body="{}")

    page.route("**/admin/calibrations", keep)
    page.set_input_files("#calibrate-happy", folder / "Alegría" / "0.jpg")
    page.focus("#calibrate-read")
    page.keyboard.press("Enter")
    expect(page.locator("#trial-verdict")).to_contain_text("This helps")
    expect(page.locator("#calibrate-name")).to_be_focused()
    page.keyboard.type("shop")
    page.keyboard.press("Enter")
    expect(page.locator("#toast")).to_have_text("“shop” is in force.")
    (body,) = asked
    assert (body["name"], body["activate"], len(body["readings"])) == ("shop", True, 1)


def test_calibrations_are_put_into_force_and_taken_back(page: Page) -> None:
    kept = {"name": "shop", "created_at": "2026-01-02T03:04:05+00:00", "figures": TRIAL["figures"]}
    for active in ("shop", None):
        page.unroute_all()
        page.route("**/calibrations/active", answered({"active": active, "calibrations": [kept]}))
        if active:
            page.route("**/admin/calibrations", answered({"active": None, "calibrations": [kept]}))
            page.reload()
        page.get_by_role("button", name=f"Put into force: {active or 'None: scores as measured'}").click()
        row = page.locator("#calibrations tbody tr", has_text=active or "None")
        expect(row).to_contain_text("In force")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_no_serious_fault_in_a_trial(page: Page, folder: Path, scheme: str) -> None:
    page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
    page.route("**/calibrations/trial", answered(TRIAL))
    page.set_input_files("#calibrate-happy", folder / "Alegría" / "0.jpg")
    page.click("#calibrate-read")
    expect(page.locator("#trial")).to_be_visible()
    assert faults(page) == []


def test_a_phone_never_scrolls_sideways(page: Page) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
