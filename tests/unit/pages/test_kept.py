"""The text of consent, held to the tables and to the settings."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import timedelta
from html import unescape
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, insert, inspect, select, update

from visionai.database.types import utc_now
from visionai.extensions import db
from visionai.models import PredictionTotal, RecordedSession
from visionai.pages import kept
from visionai.services.log import retention
from visionai.services.sessions import runs

LANGUAGES = ("en", "es")
OF_A_RECORDING = (
    "predictions_log",
    "sessions",
    "session_people",
    "session_markers",
    "webhook_deliveries",
    "rule_holds",
)
NO_RECORDINGS = {"auth_sessions", "session_erasures"}
"""Tables whose sessions are logins, or sessions of which nothing is left but rows that are being erased."""
COUNTED = {"emotion_id": 1, "user_id": 0, "count": 3, "confidence_sum": 2.5, "last_timestamp": utc_now()}
COUNTERS = ("prediction_hourly", "prediction_daily", "prediction_totals")


def text_of(app: Flask, language: str = "en", **settings: object) -> dict[str, Any]:
    app.config.update(settings)
    with app.test_request_context(headers={"Accept-Language": language}):
        return kept.of_server()


def columns_of(table: str) -> set[str]:
    return {column["name"] for column in inspect(db.engine).get_columns(table)}


def named_in(text: Mapping[str, Any], table: str) -> set[str]:
    (found,) = [part for part in text["tables"] if table in part["names"]]
    return {name for name, _ in found["columns"]}


@pytest.mark.databases
@pytest.mark.parametrize("table", OF_A_RECORDING)
def test_every_column_that_a_recording_fills_is_named_and_no_other(app: Flask, table: str) -> None:
    assert named_in(text_of(app), table) == columns_of(table)


def test_every_column_of_the_counters_is_named_and_no_other(app: Flask) -> None:
    assert named_in(text_of(app), COUNTERS[0]) == set().union(*map(columns_of, COUNTERS))


def test_every_table_that_belongs_to_a_session_is_named(app: Flask) -> None:
    of_sessions = {table for table in inspect(db.engine).get_table_names() if "session_id" in columns_of(table)}
    assert of_sessions - NO_RECORDINGS == set(OF_A_RECORDING)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("path", ["/live", "/privacy"])
def test_a_page_shows_each_column_by_name_and_in_words(
    app: Flask, client: FlaskClient, path: str, language: str
) -> None:
    page = client.get(path, headers={"Accept-Language": language}).text
    shown = re.findall(r"<dt><code>(\w+)</code></dt><dd>([^<]+)</dd>", page)
    columns = [pair for table in text_of(app, language)["tables"] for pair in table["columns"]]
    assert [(name, unescape(meaning)) for name, meaning in shown] == columns


@pytest.mark.parametrize("path", ["/live", "/privacy"])
def test_a_page_says_who_sees_it_how_long_and_how_to_delete_it(app: Flask, client: FlaskClient, path: str) -> None:
    text = text_of(app)
    page = unescape(client.get(path, headers={"Accept-Language": "en"}).text)
    sentences = [text["no_picture"], *text["who"], *text["how_long"], *text["deletion"]]
    assert [sentence for sentence in sentences if sentence not in page] == []


def test_the_two_languages_name_the_same_and_say_it_in_their_own_words(app: Flask) -> None:
    english, spanish = (text_of(app, language) for language in LANGUAGES)
    for one, other in zip(english["tables"], spanish["tables"], strict=True):
        assert [name for name, _ in one["columns"]] == [name for name, _ in other["columns"]]
        assert not {meaning for _, meaning in one["columns"]} & {meaning for _, meaning in other["columns"]}


SETTINGS = {
    "public dashboard": ({"DASHBOARD_PUBLIC": "true"}, "Everybody who reaches this server"),
    "private dashboard": ({"DASHBOARD_PUBLIC": "false", "REGISTRATION": "open"}, "which anybody may create"),
    "closed server": (
        {"DASHBOARD_PUBLIC": "false", "REGISTRATION": "closed"},
        "Everybody with an account on this server:",
    ),
    "no end": ({"RETENTION_DAYS": "0"}, "Without end"),
    "one day": ({"RETENTION_DAYS": "1"}, "after a day"),
    "thirty days": ({"RETENTION_DAYS": "30"}, "after 30 days"),
    "truncated address": ({"SOURCE_IP": "truncated"}, "The first part of your network address"),
    "full address": ({"SOURCE_IP": "full"}, "Your whole network address"),
    "no address": ({"SOURCE_IP": "off"}, "this stays empty"),
    "a row a second": ({"STREAM_LOG_INTERVAL_MS": "1000"}, "a row a second"),
    "a row every 2.5 s": ({"STREAM_LOG_INTERVAL_MS": "2500"}, "a row every 2.5 s"),
    "a row a frame": ({"STREAM_LOG_INTERVAL_MS": "0"}, "each face in each frame"),
}


@pytest.mark.usefixtures("settings")
@pytest.mark.parametrize(("settings", "sentence"), SETTINGS.values(), ids=SETTINGS)
def test_the_text_follows_the_settings(client: FlaskClient, sentence: str) -> None:
    assert sentence in unescape(client.get("/live", headers={"Accept-Language": "en"}).text)


def test_the_version_is_that_of_the_text_whatever_the_language(app: Flask) -> None:
    english, spanish = (text_of(app, language)["version"] for language in LANGUAGES)
    assert english == spanish


@pytest.mark.parametrize(
    "change", [{"DASHBOARD_PUBLIC": False}, {"SOURCE_IP": "full"}, {"RETENTION_DAYS": 30}], ids=str
)
def test_the_version_changes_with_what_the_text_says(app: Flask, change: dict[str, object]) -> None:
    before = text_of(app)["version"]
    assert text_of(app, **change)["version"] != before


def test_the_version_changes_with_a_column(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    before = text_of(app)["version"]
    monkeypatch.setattr(kept, "LOG", {**kept.LOG, "pulse": "A pulse."})
    assert text_of(app)["version"] != before


def test_sessions_go_with_their_rows_and_counts_stay_as_the_text_says(app: Flask) -> None:
    runs.end(runs.start(None).session.session_id)
    db.session.execute(insert(PredictionTotal).values(COUNTED))
    db.session.execute(update(RecordedSession).values(ended_at=utc_now() - timedelta(hours=2)))
    db.session.commit()
    retention.prune(utc_now())
    assert db.session.scalar(select(func.count()).select_from(RecordedSession)) == 0
    assert db.session.scalar(select(PredictionTotal.count)) == COUNTED["count"]
    said = " ".join(text_of(app, RETENTION_DAYS=30)["how_long"])
    assert "Sessions that ended before then go with them, people and marks too. The counts stay." in said


def test_the_home_page_says_it_in_a_line_and_leads_to_the_whole_text(client: FlaskClient) -> None:
    page = client.get("/", headers={"Accept-Language": "en"}).text
    assert 'href="/privacy"' in page
    assert re.search(r'<input type="checkbox" id="record"[^>]*\bchecked', page) is None
