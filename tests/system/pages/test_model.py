"""The model page: what a confidence means, and the operating points where the weights have two."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, Route, expect

from visionai.vision.emotions import EMOTIONS

from .conftest import Visitor

LEARNED = (0.1, 0.01, 0.03, 0.26, 0.36, 0.12, 0.12)
EVEN = (1 / 7,) * 7


def by_name(shares: tuple[float, ...]) -> dict[str, float]:
    return dict(zip((emotion.value for emotion in EMOTIONS), shares, strict=True))


def with_points(route: Route) -> None:
    """Answer as weights do that name class shares."""
    response = route.fetch()
    points = {
        "even": {"shares": by_name(EVEN), "temperature": 0.83},
        "typical": {"shares": by_name(LEARNED), "temperature": 0.84},
    }
    route.fulfill(response=response, json={**response.json(), "learned_shares": by_name(LEARNED), "priors": points})


def row(page: Page, name: str) -> list[str]:
    return page.locator("#points tr", has_text=name).locator("td").all_inner_texts()


def test_the_operating_points_are_explained_with_their_shares(visit: Visitor) -> None:
    page = visit.new_page()
    page.route("**/api/v1/model/info", with_points)
    page.goto("/model")
    expect(page.locator("#points-card")).to_be_visible()
    expect(page.locator("#defaults")).to_contain_text("pictures are read as “Even” and live frames as “Typical”")
    expect(page.locator("#points tbody tr")).to_have_count(7)
    assert row(page, "Neutral") == ["36%", "14%", "36%"]
    assert row(page, "Disgust") == ["1%", "14%", "1%"]


@pytest.mark.parametrize(
    ("locale", "words"),
    [
        ("en-US", ["eight of ten people would say the same", "too sure, by up to 20 points", "Below 50 %"]),
        ("es-CO", ["ocho de cada diez personas dirían lo mismo", "hasta por 20 puntos", "Por debajo del 50 %"]),
    ],
)
def test_a_confidence_is_explained_by_what_people_would_say(visit: Visitor, locale: str, words: list[str]) -> None:
    page = visit("/model", locale=locale)
    for said in words:
        expect(page.get_by_text(said).first).to_be_visible()
