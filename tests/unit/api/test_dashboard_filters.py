"""Filters of the dashboard: whose readings, which session, version and source, and what is said of those refused."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.support.readings import Reading, record
from tests.support.rows import a_row
from tests.unit.api.conftest import Login
from tests.unit.services.sessions.conftest import set_times
from visionai.extensions import db
from visionai.services.accounts import accounts
from visionai.services.accounts.identity import Identity
from visionai.services.recording.ledger import Ledger
from visionai.services.sessions import runs
from visionai.services.statistics import log_sums
from visionai.web.smorest import RECEIPT_HEADER

pytestmark = pytest.mark.databases

DASHBOARD = "/api/v1/dashboard"
FIGURES = ["stats", "timeline", "recent", "emotion/happy"]


def get(client: FlaskClient, path: str, headers: dict[str, str] | None = None) -> Any:
    answer = client.get(f"{DASHBOARD}/{path}", headers=headers)
    assert answer.status_code == 200, answer.text
    return answer.json


def refused(client: FlaskClient, path: str, headers: dict[str, str] | None = None) -> tuple[int, str]:
    answer = client.get(f"{DASHBOARD}/{path}", headers=headers)
    return answer.status_code, answer.json["error"]["code"]


def log(emotion: str = "happy", user: str | None = None, **changes: Any) -> None:
    account = accounts.user_named(user) if user else None
    Ledger(db.engine).record([a_row(emotion, user_id=account and account.user_id, **changes)])


@pytest.mark.parametrize("path", FIGURES)
class TestAUserByName:
    def test_is_shown_to_an_administrator(self, client: FlaskClient, login: Login, path: str) -> None:
        login("usuario")
        get(client, f"{path}?user=usuario", login("admin", "admin"))

    def test_is_shown_to_that_user(self, client: FlaskClient, login: Login, path: str) -> None:
        get(client, f"{path}?user=USUARIO", login("usuario"))

    @pytest.mark.parametrize("name", ["otra", "nadie", "a%00b"])
    def test_is_forbidden_to_others_whether_or_not_there_is_one(
        self, client: FlaskClient, login: Login, path: str, name: str
    ) -> None:
        login("otra")
        status, _ = refused(client, f"{path}?user={name}", login("usuario"))
        assert status == (422 if "%00" in name else 403)

    def test_is_not_found_by_an_administrator_where_there_is_none(
        self, client: FlaskClient, login: Login, path: str
    ) -> None:
        assert refused(client, f"{path}?user=nadie", login("admin", "admin")) == (404, "not_found")

    def test_needs_a_token(self, client: FlaskClient, path: str) -> None:
        assert refused(client, f"{path}?user=usuario") == (401, "invalid_token")


def test_an_administrator_sees_the_figures_of_the_user_alone(client: FlaskClient, login: Login) -> None:
    login("usuario")
    admin = login("admin", "admin")
    log("sad", user="usuario")
    log("happy")
    assert get(client, "stats?user=usuario", admin)["predictions_by_emotion"]["sad"] == 1
    assert get(client, "stats?user=usuario", admin)["total_predictions"] == 1
    assert [row["user"] for row in get(client, "recent?user=usuario", admin)["predictions"]] == ["usuario"]
    assert len(get(client, "export?format=json&user=usuario", admin)) == 1


def test_an_export_of_another_user_is_forbidden(client: FlaskClient, login: Login) -> None:
    login("otra")
    assert refused(client, "export?user=otra", login("usuario")) == (403, "forbidden")


class TestASession:
    @pytest.fixture
    def uid(self, app: Flask, login: Login) -> str:
        """The uid of a session of "usuario" with three readings, the last a minute and a half after its start.

        It starts with a minute of the clock, so that the first two are in one.
        """
        self.owner = login("usuario")
        account = accounts.user_named("usuario")
        assert account is not None
        who = Identity(account.user_id, account.username, account.role, True, uuid4())
        started = datetime.now(UTC).replace(second=0, microsecond=0) - timedelta(minutes=5)
        session = set_times(runs.start(who).session, started_at=started)
        record(session, [Reading(0, emotion="sad"), Reading(1000), Reading(91_000, share=0.4)])
        log("fear")
        return str(session.uid)

    def test_is_shown_whole_and_to_the_minute(self, client: FlaskClient, uid: str) -> None:
        found = get(client, f"stats?session={uid}", self.owner)
        assert (found["total_predictions"], found["uncertain_share"]) == (3, pytest.approx(1 / 3, abs=1e-4))
        assert found["predictions_by_emotion"]["fear"] == 0

    def test_is_counted_by_the_minute(self, client: FlaskClient, uid: str) -> None:
        found = get(client, f"timeline?session={uid}&bucket=auto", self.owner)
        assert found["bucket"] == "minute"
        assert sum(step["count"] for step in found["timeline"]) == 3
        assert len([step for step in found["timeline"] if step["count"]]) == 2

    def test_names_its_rows(self, client: FlaskClient, uid: str) -> None:
        rows = get(client, f"recent?session={uid}", self.owner)["predictions"]
        assert [(row["session"], row["emotion"], row["uncertain"]) for row in rows] == [
            (uid, "happy", True),
            (uid, "happy", False),
            (uid, "sad", False),
        ]

    def test_is_exported_alone(self, client: FlaskClient, uid: str) -> None:
        assert len(get(client, f"export?format=json&session={uid}", self.owner)) == 3

    @pytest.mark.parametrize("path", FIGURES)
    def test_is_nothing_to_others(self, client: FlaskClient, login: Login, uid: str, path: str) -> None:
        assert refused(client, f"{path}?session={uid}") == (404, "not_found")
        assert refused(client, f"{path}?session={uid}", login("otra")) == (404, "not_found")

    def test_is_shown_to_an_administrator(self, client: FlaskClient, login: Login, uid: str) -> None:
        assert get(client, f"stats?session={uid}", login("admin", "admin"))["total_predictions"] == 3

    def test_is_not_named_in_rows_that_others_see(self, client: FlaskClient, login: Login, uid: str) -> None:
        assert {row["session"] for row in get(client, "recent")["predictions"]} == {None}
        assert {row["session"] for row in get(client, "recent", login("otra"))["predictions"]} == {None}
        assert {row["session"] for row in get(client, "recent", self.owner)["predictions"]} == {None, uid}


def test_a_session_without_an_account_is_shown_to_whoever_has_its_receipt(client: FlaskClient) -> None:
    begun = runs.start(None)
    assert begun.receipt
    record(begun.session, [Reading(0)])
    headers = {RECEIPT_HEADER: begun.receipt}
    assert get(client, f"stats?session={begun.session.uid}", headers)["total_predictions"] == 1
    assert refused(client, f"stats?session={begun.session.uid}") == (404, "not_found")


def test_figures_tell_the_emotions_apart(client: FlaskClient) -> None:
    log("sad", confidence=0.6, when="2026-01-01T10:30:00")
    log("sad", confidence=0.8, when="2026-01-01T09:30:00")
    assert get(client, "stats")["emotions"] == [
        {"name": "sad", "count": 2, "average_confidence": 0.7, "last_prediction": "2026-01-01T10:30:00+00:00"}
    ]


def test_versions_are_listed_filtered_by_and_marked(client: FlaskClient) -> None:
    now = datetime.now(UTC)
    log(model_version_tag="v1.0.0", timestamp=now - timedelta(hours=5))
    log(model_version_tag="v1.1.0", timestamp=now - timedelta(minutes=5))
    assert sorted(get(client, "versions")["versions"]) == ["v1.0.0", "v1.1.0"]
    assert get(client, "stats?version=v1.1.0")["total_predictions"] == 1
    marked = get(client, "timeline?days=2&versions=true")["versions"]
    assert [change["model_version_tag"] for change in marked] == ["v1.0.0", "v1.1.0"]
    assert get(client, "timeline?days=2")["versions"] == []


@pytest.mark.parametrize(
    ("language", "said"), [("en", "Choose at most 6 hours for minutes."), ("es", "Elija como máximo 6 horas para ver")]
)
def test_too_many_minutes_are_refused_in_words_that_name_the_field(
    client: FlaskClient, language: str, said: str
) -> None:
    period = "since=2026-01-01T00:00:00Z&until=2026-01-01T07:00:00Z"
    answer = client.get(f"{DASHBOARD}/timeline?bucket=minute&{period}", headers={"Accept-Language": language})
    error = answer.json["error"]
    assert (answer.status_code, error["code"]) == (422, "validation_failed")
    assert error["message"].startswith(said)
    assert error["details"]["since"] == [error["message"]]


@pytest.mark.parametrize("path", [*FIGURES, "export"])
def test_too_many_readings_are_refused(
    client: FlaskClient, login: Login, monkeypatch: pytest.MonkeyPatch, path: str
) -> None:
    log()
    monkeypatch.setattr(log_sums, "MAX_ROWS", dict.fromkeys(log_sums.MAX_ROWS, 0))
    assert refused(client, f"{path}?source=picture", login("admin", "admin")) == (422, "validation_failed")
