"""What every page has: one style sheet, kept for good, and the words of its scripts in its language."""

from __future__ import annotations

import json
import re

from flask.testing import FlaskClient

from visionai import ROOT

SHEETS = ("tokens", "base", "components/fields", "small")


def head_of(client: FlaskClient, path: str, **headers: str) -> str:
    return client.get(path, headers=headers).get_data(as_text=True)


def sheet_of(page: str) -> str:
    (address,) = re.findall(r'href="(/static/~\w+/css/house\.css)"', page)
    return str(address)


def words_of(page: str) -> dict[str, str]:
    (words,) = re.findall(r'<script type="application/json" id="texts">(.*?)</script>', page, re.DOTALL)
    found: dict[str, str] = json.loads(words)
    return found


def test_the_sheet_of_every_page_is_all_of_its_sheets_in_their_order(client: FlaskClient) -> None:
    sheet = client.get(sheet_of(head_of(client, "/sign-in")))
    assert sheet.mimetype == "text/css"
    found = [sheet.get_data(as_text=True).find((ROOT / f"static/css/{name}.css").read_text()) for name in SHEETS]
    assert found[0] == 0
    assert found == sorted(found)


def test_the_sheet_is_kept_for_good_by_its_version_alone(client: FlaskClient) -> None:
    address = sheet_of(head_of(client, "/sign-in"))
    kept = client.get(address)
    assert kept.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert client.get(address, headers={"If-None-Match": kept.headers["ETag"]}).status_code == 304
    older = client.get("/static/~000000000000/css/house.css")
    assert (older.status_code, older.data) == (200, kept.data)
    assert "immutable" not in older.headers.get("Cache-Control", "")


def test_the_words_are_those_of_each_request_language_whichever_was_first(client: FlaskClient) -> None:
    said = [
        words_of(head_of(client, "/sign-in", **{"Accept-Language": language}))["emotion.happy"]
        for language in ("es", "en", "es", "en")
    ]
    assert said == ["Alegría", "Happiness", "Alegría", "Happiness"]


def test_only_the_pages_of_administrators_carry_their_words(client: FlaskClient) -> None:
    usual, admin = (words_of(head_of(client, path)) for path in ("/sign-in", "/admin/users"))
    assert usual.items() < admin.items()
    assert not any(key.startswith("audit.") for key in usual)
    assert any(key.startswith("audit.") for key in admin)
