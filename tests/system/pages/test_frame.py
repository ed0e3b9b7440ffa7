"""What is around every page: language, appearance, the keyboard, pages that are not there."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from .conftest import Visitor


def test_the_language_is_the_browsers_until_another_is_chosen_and_that_is_remembered(visit: Visitor) -> None:
    page = visit("/dashboard?emotion=happy", locale="es-CO")
    expect(page.locator("h1")).to_have_text("Panel")
    page.get_by_role("button", name="English").click()
    expect(page.locator("h1")).to_have_text("Dashboard")
    assert page.url.endswith("/dashboard?emotion=happy")
    page.goto("/live")
    expect(page.locator("#agree")).to_contain_text("Start the camera")
    assert page.evaluate("document.documentElement.lang") == "en"


def test_what_the_server_says_is_in_the_language_of_the_page(visit: Visitor) -> None:
    visit.expected.append("401")
    page = visit("/sign-in", locale="es-MX")
    page.fill("#username", "nadie")
    page.fill("#password", "ninguna")
    page.press("#password", "Enter")
    expect(page.locator("#failed-text")).to_contain_text("contraseña no son correctos")


def test_the_appearance_that_was_chosen_is_remembered(visit: Visitor) -> None:
    page = visit("/", color_scheme="light")
    body = page.locator("body")
    light = body.evaluate("body => getComputedStyle(body).backgroundColor")
    for _ in ("light", "dark"):
        page.click("#theme")
    expect(body).not_to_have_css("background-color", light)
    page.goto("/model")
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    expect(body).not_to_have_css("background-color", light)


def focused(page: Page) -> str:
    """Return the id of what has the focus, or its text."""
    name: str = page.evaluate("document.activeElement.id || document.activeElement.textContent.trim()")
    return name


def tab_to(page: Page, wanted: str) -> None:
    """Press Tab until `wanted` has the focus, and see that it shows."""
    for _ in range(40):
        page.keyboard.press("Tab")
        if focused(page) == wanted:
            assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") != "none"
            return
    raise AssertionError(f"{wanted} cannot be reached by Tab")


def test_the_first_stop_of_the_keyboard_leads_past_the_menu(visit: Visitor) -> None:
    page = visit("/")
    page.keyboard.press("Tab")
    assert focused(page) == "Skip to the content"
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert focused(page) == "Try it live"


def test_a_picture_is_read_by_keyboard_alone(visit: Visitor, photo: Path) -> None:
    page = visit("/")
    with page.expect_file_chooser() as chooser:  # Before the walk by Tab: listening takes a moment to begin.
        tab_to(page, "choose")
        page.keyboard.press("Enter")
    chooser.value.set_files(photo)
    expect(page.locator("#outcome .verdict")).to_contain_text("Happiness")


def test_the_camera_is_started_paused_and_stopped_by_keyboard_alone(visit: Visitor) -> None:
    page = visit("/live")
    tab_to(page, "agree")
    page.keyboard.press("Enter")
    expect(page.locator("#overlay")).to_have_attribute("data-emotions", "happy")
    tab_to(page, "toggle")
    page.keyboard.press("Space")
    expect(page.locator("#screen")).not_to_have_class(re.compile("running"))
    tab_to(page, "stop")
    page.keyboard.press("Enter")
    expect(page.locator("#summary-title")).to_be_visible()
    tab_to(page, "again")
    page.keyboard.press("Enter")
    expect(page.locator("#consent")).to_be_visible()


def test_a_page_that_is_not_there_leads_back_to_the_start(visit: Visitor) -> None:
    visit.expected.append("404")
    page = visit("/nowhere")
    expect(page.locator("h1")).to_have_text("Page not found")
    page.get_by_role("link", name="Back to home").click()
    expect(page.locator("#choose")).to_be_visible()


@pytest.mark.parametrize("target", ["https://example.org/", "//example.org", "/\\example.org", "javascript:alert(1)"])
def test_choosing_a_language_leads_nowhere_else(visit: Visitor, target: str) -> None:
    page = visit("/")
    answer = page.request.post("/language", form={"language": "es", "next": target}, max_redirects=0)
    assert answer.headers["location"] == "/"


@pytest.mark.parametrize(
    ("country", "date", "amount"),
    [("en-US", "3/4/26", "1,234.5"), ("en-GB", "04/03/2026", "1,234.5"), ("es-MX", "04/03/26", "1,234.5")],
)
def test_dates_and_numbers_are_written_as_the_browsers_country_does(
    visit: Visitor, country: str, date: str, amount: str
) -> None:
    page = visit("/", locale=country)
    written = page.evaluate(
        """async () => {
          const shell = document.querySelector('script[src$="core/shell.js"]').src;
          const { dateTime, number } = await import(shell.replace("shell", "texts"));
          return [dateTime("2026-03-04T12:00:00", { dateStyle: "short" }), number(1234.5, 1)];
        }"""
    )
    assert written == [date, amount]


def test_a_browser_of_another_language_gets_english(visit: Visitor) -> None:
    page = visit("/model", locale="de-DE")
    assert page.evaluate("document.documentElement.lang") == "en"
    expect(page.locator("h1")).to_have_text("Model")
