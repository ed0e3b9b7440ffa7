"""Small windows: 320 pixels wide in Spanish, as at 400 % zoom, low ones, and what can be pressed by a thumb."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, StorageState, expect

from tests.support.places import PLACES, Place

from .conftest import Visitor

OURS = ("home", "model", "privacy", "sign in", "register", "profile", "admin", "missing")
"""Pages of which nothing may be too small or too wide here; the others hold their own."""
SMALL = [place for place in PLACES if place.name in OURS]
LEAST = 44
"""CSS pixels (WCAG 2.2, 2.5.5)."""

# Links within a sentence are as tall as its lines (2.5.5, "inline"), and a box that is hidden is not pressed.
TARGETS = """() => [...document.querySelectorAll("a, button, summary, select, .check, .choices label, .face-option")]
  .filter((node) => node.checkVisibility() && !node.matches(".skip, p a, .hint a") && !node.closest("[hidden]"))
  .map((node) => [node.outerHTML.slice(0, 90), node.getBoundingClientRect()])
  .filter(([, { width, height }]) => width > 1 && height < 43.5)
  .map(([html, { height }]) => `${html}: ${height}`)"""

# Pairs of what stands in the header that lie upon each other.
OVERLAPS = """() => {
  const rects = [...document.querySelectorAll(".masthead :is(a, button)")]
    .filter((node) => node.checkVisibility()).map((node) => node.getBoundingClientRect());
  return rects.flatMap((one, index) => rects.slice(index + 1).filter((other) =>
    one.left < other.right - 1 && other.left < one.right - 1 && one.top < other.bottom - 1
    && other.top < one.bottom - 1)).length;
}"""

FIXED = """() => [...document.querySelectorAll("body *")].filter((node) => node.checkVisibility()
  && ["fixed", "sticky"].includes(getComputedStyle(node).position)).map((node) => node.className)"""


def open_small(visit: Visitor, place: Place, signed_in: StorageState, width: int, height: int) -> Page:
    visit.expected += ["404"] if place.name == "missing" else []
    state = signed_in if place.own else None
    page = visit(place.path, locale="es-CO", viewport={"width": width, "height": height}, storage_state=state)
    expect(page.locator(place.ready).first).to_be_visible()
    return page


@pytest.mark.parametrize("place", SMALL, ids=str)
def test_at_320_pixels_in_spanish_nothing_overlaps_is_cut_or_too_small(
    visit: Visitor, signed_in: StorageState, place: Place
) -> None:
    page = open_small(visit, place, signed_in, 320, 640)
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    assert page.evaluate(OVERLAPS) == 0
    assert page.evaluate(TARGETS) == []


@pytest.mark.parametrize(("width", "height"), [(320, 256), (844, 390)])
def test_in_a_low_window_nothing_but_the_page_stays_in_sight(visit: Visitor, width: int, height: int) -> None:
    page = visit("/model", locale="es-CO", viewport={"width": width, "height": height})
    expect(page.locator("h1")).to_be_visible()
    assert page.evaluate(FIXED) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width
