"""The guides at /docs say the same in both languages, their links lead somewhere, and their SQL runs."""

from __future__ import annotations

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import text

from tests.support.guides import samples_of
from visionai.extensions import db
from visionai.locale import LANGUAGES
from visionai.pages.docs.guides import BY_NAME, GUIDES, Guide, with_links
from visionai.pages.docs.rendering import render

ELSEWHERE = {"data-dictionary"}
"""Guides whose samples other tests run."""
KINDS = ("run", "shown")

every_guide = pytest.mark.parametrize("guide", GUIDES, ids=lambda guide: guide.name)
every_language = pytest.mark.parametrize("language", LANGUAGES)


@every_guide
def test_both_languages_show_the_same_code(guide: Guide) -> None:
    english, spanish = (samples_of(guide, language) for language in ("en", "es"))
    assert english == spanish


@every_guide
def test_both_languages_are_built_alike(guide: Guide) -> None:
    def shape(language: str) -> list[str]:
        return re.findall(r"^(#+ |\| (?=[^-])|\{\{.*)", guide.read(language), flags=re.MULTILINE)

    assert shape("en") == shape("es")


@every_guide
def test_every_sample_says_whether_it_is_run(guide: Guide) -> None:
    kinds = [sample.words[:1] and sample.words[0].partition("=")[0] for sample in samples_of(guide, "en")]
    assert guide.name in ELSEWHERE or set(kinds) <= set(KINDS)


@every_language
@every_guide
def test_every_link_leads_to_a_page_and_a_section_of_it(guide: Guide, language: str, client: FlaskClient) -> None:
    html = render(with_links(guide.read(language), page=str, guide="/docs/{}".format)).html
    for link in re.findall(r'href="([/#][^"]*)"', html):
        path, _, section = link.partition("#")
        name = path.removeprefix("/docs/") or guide.name
        if name in BY_NAME:
            found = render(BY_NAME[name].read(language)).html
            assert not section or f'id="{section}"' in found, link
        else:
            with client.get(path) as answer:
                assert answer.status_code == 200, link


@every_guide
def test_no_link_leads_to_a_file_that_is_no_guide(guide: Guide) -> None:
    led: list[str] = []
    for language in LANGUAGES:
        with_links(guide.read(language), page=str, guide=lambda name: led.append(name) or name)
    assert set(led) <= BY_NAME.keys()


@pytest.mark.databases
@every_language
def test_every_query_runs(app: Flask, language: str) -> None:
    queries = [sample for sample in samples_of(BY_NAME["coming-from-the-first-system"], language)
               if sample.language == "sql"]  # fmt: skip
    assert len(queries) == 5
    for query in queries:
        db.session.execute(text(query.code)).all()
