"""The limits that pages state are those of the server, whatever they are set to."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.support.places import PATHS
from visionai.pages import limits
from visionai.services.accounts import names, passwords

IN_ENGLISH = {"Accept": "text/html", "Accept-Language": "en"}

MINUTE_LIMITS = {
    "MAX_IMAGE_BYTES": 1_234,
    "MAX_IMAGE_PIXELS": 5_678,
    "MAX_BATCH_BYTES": 91_011,
    "MAX_BATCH_FILES": 3,
}


def told(client: FlaskClient, path: str) -> dict[str, Any]:
    """Return the limits that the page at `path` hands to its scripts."""
    page = client.get(path, headers=IN_ENGLISH).text
    found = re.search(r'<script type="application/json" id="limits">(.*?)</script>', page)
    assert found
    answer: dict[str, Any] = json.loads(found[1])
    return answer


@pytest.mark.parametrize("path", PATHS)
def test_every_page_has_the_limits_of_the_settings(client: FlaskClient, app: Flask, path: str) -> None:
    app.config.update(MINUTE_LIMITS)
    page = told(client, path)
    assert page["image"] == {"max_bytes": 1_234, "max_pixels": 5_678}
    assert page["batch"] == {"max_bytes": 91_011, "max_files": 3}


def test_the_form_to_register_has_the_rule_of_names(client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(names, "MIN_LENGTH", 7)
    monkeypatch.setattr(names, "MAX_LENGTH", 9)
    monkeypatch.setattr(names, "PATTERN", "[a-c]{7,9}")
    page = client.get("/register", headers=IN_ENGLISH).text
    field = re.search(r'<input[^>]*id="username"[^>]*>', page)
    assert field
    assert all(attribute in field[0] for attribute in ('minlength="7"', 'maxlength="9"', 'pattern="[a-c]{7,9}"'))
    assert "7 to 9 letters" in page


@pytest.mark.parametrize("path", ["/register", "/profile"])
def test_a_new_password_has_the_rule_of_passwords(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch, path: str
) -> None:
    monkeypatch.setattr(passwords, "MIN_BYTES", 11)
    monkeypatch.setattr(passwords, "MAX_BYTES", 33)
    assert "11 to 33 characters" in client.get(path, headers=IN_ENGLISH).text


def test_no_period_is_offered_that_is_too_long(client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "MAX_DAYS", {"day": 30, "hour": 2})
    assert re.findall(r'<option value="(\d+)d"', client.get("/dashboard").text) == ["7", "30"]
    assert told(client, "/dashboard")["max_days"] == {"day": 30, "hour": 2}


def test_the_pictures_to_calibrate_with_are_as_many_as_are_taken(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "MOST_PICTURES", 12)
    monkeypatch.setattr(limits, "MAX_NAME_LENGTH", 8)
    page = client.get("/model", headers=IN_ENGLISH).text
    assert "up to 12" in page
    assert "1 to 8 letters" in page
    assert 'maxlength="8"' in page
    assert told(client, "/model")["calibration"] == {"max_pictures": 12, "max_name_length": 8}


def test_a_pattern_is_one_that_browsers_read(client: FlaskClient) -> None:
    assert told(client, "/register")["username"]["pattern"] == r"[A-Za-z0-9._\-]{3,50}"


def test_no_script_states_a_limit_of_its_own() -> None:
    scripts = Path(limits.__file__).parents[2] / "static" / "js"
    code = "\n".join(file.read_text() for file in scripts.rglob("*.js"))
    assert re.findall(r"\b(?:365|64_000_000|10 \* 1024|50 \* 1024)\b", code) == []
