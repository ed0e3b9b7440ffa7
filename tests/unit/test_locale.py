from __future__ import annotations

import pytest
from flask import Flask

from visionai.locale import choose_language, language_of, translate


@pytest.mark.parametrize(
    ("header", "language"),
    [
        (None, "es"),
        ("", "es"),
        ("en", "en"),
        ("en-GB,en;q=0.9", "en"),
        ("es-CO,es;q=0.9,en;q=0.8", "es"),
        ("es;q=0.1, en;q=0.9", "en"),
        ("fr, en;q=0.5", "en"),
        ("fr", "en"),
        ("de-AT,de;q=0.9,pt;q=0.5", "en"),
        ("de, es;q=0.1", "es"),
        ("*", "es"),
        ("en;q=0", "es"),
        ("en;q=zwei, ,;;", "es"),
        ("\u00e9" * 50, "en"),
    ],
)
def test_the_language_is_the_one_preferred_of_the_two_and_english_for_who_asks_for_neither(
    header: str | None, language: str
) -> None:
    assert language_of(header) == language


@pytest.mark.parametrize(("path", "language"), [("/", "en"), ("/dashboard", "en"), ("/api/v1/emotions", "es")])
@pytest.mark.parametrize("headers", [{}, {"Accept-Language": "*"}], ids=["none", "any"])
def test_who_names_no_language_gets_spanish_of_the_api_and_english_of_pages(
    path: str, language: str, headers: dict[str, str]
) -> None:
    with Flask("pages").test_request_context(path, headers=headers):
        assert choose_language() == language


@pytest.mark.parametrize(("path", "language"), [("/dashboard", "en"), ("/api/v1/emotions", "es")])
def test_the_cookie_of_the_pages_counts_on_pages_alone(path: str, language: str) -> None:
    with Flask("pages").test_request_context(path, headers={"Cookie": "lang=en"}):
        assert choose_language() == language


def test_a_cookie_with_another_language_is_passed_over() -> None:
    with Flask("pages").test_request_context("/", headers={"Cookie": "lang=fr", "Accept-Language": "en"}):
        assert choose_language() == "en"


def test_a_template_is_filled_from_values() -> None:
    assert translate("at most %(limit)s", {"limit": 3}, "en") == "at most 3"
