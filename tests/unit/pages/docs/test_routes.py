from __future__ import annotations

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient

from visionai.pages.docs.guides import GUIDES, Guide, title_of
from visionai.pages.docs.routes import EXAMPLE

SPANISH = {"Accept-Language": "es"}


def address_of(guide: Guide) -> str:
    return "/docs" if guide is GUIDES[0] else f"/docs/{guide.name}"


@pytest.mark.parametrize("language", ["en", "es"])
@pytest.mark.parametrize("guide", GUIDES, ids=lambda guide: guide.name)
def test_a_guide_is_a_page_and_markdown_in_both_languages(client: FlaskClient, guide: Guide, language: str) -> None:
    headers = {"Accept-Language": language}
    page = client.get(address_of(guide), headers=headers)
    text = client.get(f"{address_of(guide)}.md", headers=headers)
    assert page.status_code == text.status_code == 200
    assert f'<html lang="{language}"' in page.text
    assert text.mimetype == "text/markdown"
    assert text.headers["Content-Language"] == language
    assert {"Accept-Language", "Cookie"} <= set(text.vary)
    assert text.text.startswith(f"# {title_of(guide, language)}\n")
    assert "{{" not in page.text + text.text


@pytest.mark.parametrize("path", ["/docs/nothing", "/docs/nothing.md", "/docs/..%2fconfig.md"])
def test_what_is_no_guide_is_not_found(client: FlaskClient, path: str) -> None:
    assert client.get(path).status_code == 404


def test_the_first_guide_has_one_address(client: FlaskClient) -> None:
    assert client.get("/docs/start").headers["Location"] == "/docs"
    assert client.get("/docs/").status_code == 200


@pytest.mark.parametrize("path", ["/docs", "/docs.md", "/docs/live-stream", "/docs/live-stream.md", "/llms.txt"])
def test_samples_name_the_address_that_the_reader_came_to(client: FlaskClient, path: str) -> None:
    text = client.get(path, base_url="https://localhost:8443").text
    assert "https://localhost:8443/" in text
    assert EXAMPLE not in text
    assert "ws://localhost:8000" not in text
    assert path.startswith("/docs/live") is ("wss://localhost:8443/ws" in text)


def test_every_page_links_its_neighbours_and_all_others(client: FlaskClient) -> None:
    page = client.get("/docs/images").text
    assert [re.search(rf'rel="{way}" href="([^"]+)"', page)[1] for way in ("prev", "next")] == [
        "/docs/start",
        "/docs/live-stream",
    ]
    for guide in GUIDES:
        assert f'<a href="{address_of(guide)}"' in page


def test_a_page_lists_its_sections(client: FlaskClient) -> None:
    page = client.get("/docs/images").text
    assert '<li><a href="#three-ways-to-send-one">Three ways to send one</a></li>' in page
    assert 'href="#"' not in page


def test_only_guides_with_a_place_for_a_key_ask_for_one(client: FlaskClient) -> None:
    assert 'id="key"' in client.get("/docs/images").text
    assert 'id="key"' not in client.get("/docs/errors").text


def test_language_models_find_every_guide_as_markdown(client: FlaskClient) -> None:
    listed = re.findall(r"\]\(http://localhost(/docs/[^)]+\.md)\)", client.get("/llms.txt").text)
    assert listed == [f"/docs/{guide.name}.md" for guide in GUIDES]
    whole = client.get("/docs/llms-full.txt").text
    assert [f"# {title_of(guide)}\n" in whole for guide in GUIDES] == [True] * len(GUIDES)


def test_links_of_markdown_are_whole(client: FlaskClient) -> None:
    text = client.get("/docs.md").text
    assert "(http://localhost/docs/live-stream.md)" in text
    assert "(http://localhost/docs/api)" in text


class TestBelowAPath:
    """A proxy has the server below a path."""

    @pytest.fixture
    def settings(self) -> dict[str, str]:
        return {"TRUSTED_PROXIES": "1"}

    def test_links_and_samples_have_it(self, client: FlaskClient) -> None:
        page = client.get("/docs", headers={"X-Forwarded-Prefix": "/vision"}).text
        links = re.findall(r'(?:href|src|action)="(/[^"]*)"', page)
        assert links
        assert [link for link in links if not link.startswith("/vision/")] == []
        assert "http://localhost/vision/api/v1/predict" in page


def test_the_policy_allows_nothing_inline_on_guides(client: FlaskClient, app: Flask) -> None:
    answer = client.get("/docs")
    assert "unsafe" not in answer.headers["Content-Security-Policy"]
    assert "data:" not in answer.headers["Content-Security-Policy"]
    assert not re.search(r"<[^>]+ (on\w+|style)=", answer.text)
