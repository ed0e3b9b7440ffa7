"""Forced colours (high contrast): what colour tells is told all the same."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from .conftest import Visitor
from .home import expect_a_smile

BACKGROUND = "(node, pseudo) => getComputedStyle(node, pseudo).backgroundColor"


def ground(page: Page, selector: str, pseudo: str | None = None) -> str:
    colour: str = page.locator(selector).first.evaluate(BACKGROUND, pseudo)
    return colour


@pytest.fixture
def read(visit: Visitor, photo: Path) -> Page:
    """The home page with a picture that was read, in colours that the system forces."""
    page = visit("/", forced_colors="active")
    page.set_input_files("#file", photo)
    expect_a_smile(page)
    return page


def test_dots_and_bars_keep_the_colours_of_the_seven(read: Page) -> None:
    dots = {read.locator(".bars .emotion").nth(place).evaluate(BACKGROUND, "::before") for place in range(7)}
    fills = {read.locator(".bars .fill").nth(place).evaluate(BACKGROUND, None) for place in range(7)}
    assert len(dots) == len(fills) == 7
    assert ground(read, ".bars .track") not in fills


def test_the_label_upon_a_face_can_be_read(read: Page) -> None:
    label = read.locator(".face-label")
    assert label.evaluate("node => getComputedStyle(node).color") != ground(read, ".face-label")


def test_the_page_that_is_shown_stands_out_among_the_ways(read: Page) -> None:
    assert ground(read, ".ways [aria-current]") != ground(read, ".ways a:not([aria-current])")
    assert ground(read, ".languages [aria-pressed=true]") != ground(read, ".languages [aria-pressed=false]")


def test_canvases_read_the_seven_and_not_the_colour_of_text(read: Page) -> None:
    colours = read.evaluate(
        """async () => {
          const shell = document.querySelector('script[src$="core/shell.js"]').src;
          const { colour, emotionColours } = await import(shell.replace("shell", "emotions"));
          return [colour("ink"), colour("surface"), ...Object.values(emotionColours())];
        }"""
    )
    assert len(set(colours)) == 9


def test_a_choice_and_the_arrow_of_a_select_can_be_seen(visit: Visitor) -> None:
    page = visit("/dashboard", forced_colors="active")
    select = page.locator("select.select").first
    expect(select).to_be_visible()
    assert select.evaluate("node => getComputedStyle(node).appearance") == "auto"
    page.evaluate(
        """() => {
          const choices = document.createElement("div");
          choices.className = "choices";
          for (const checked of [true, false]) {
            const input = Object.assign(document.createElement("input"), { type: "radio", checked });
            const label = document.createElement("label");
            label.append(input, "one");
            choices.append(label);
          }
          document.querySelector("main").prepend(choices);
        }"""
    )
    assert ground(page, ".choices label:has(:checked)") != ground(page, ".choices label:not(:has(:checked))")
