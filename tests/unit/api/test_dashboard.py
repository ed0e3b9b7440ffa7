from __future__ import annotations

import csv
import io
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from tests.unit.api.conftest import Login
from visionai.contract.schemas.base import Schema
from visionai.contract.schemas.statistics import RecentSchema, TimelineSchema
from visionai.extensions import db
from visionai.models import PredictionLog, User
from visionai.services.recording.recorder import recorder
from visionai.services.recording.row import Row
from visionai.vision.emotions import EMOTIONS, Emotion

pytestmark = pytest.mark.databases

DASHBOARD = "/api/v1/dashboard"
NOTHING = {emotion.value: 0 for emotion in EMOTIONS}
EVERY_CALL = ["stats", "recent", "timeline", "emotion/happy"]

Log = Callable[..., int]


@pytest.fixture
def log(app: Flask) -> Log:
    """Write a row as a transport would and return its id."""

    def write(emotion: str = "happy", confidence: float = 0.8, when: str | None = None, user: str | None = None) -> int:
        user_id = db.session.scalar(select(User.user_id).where(User.username == user)) if user else None
        row = Row(
            uid=uuid4(),
            emotion_id=Emotion(emotion).id,
            confidence=confidence,
            model_version_tag="v1.0.0",
            processing_time_ms=7,
            source_ip="203.0.113.0",
            user_id=user_id,
            timestamp=datetime.fromisoformat(when) if when else datetime.now(UTC),
        )
        row_id = recorder.write(row)
        if row_id is None:  # The disk was slow: the row is safe, and its commit is under way.
            assert recorder.flush(30.0)
            with db.engine.connect() as connection:
                row_id = connection.scalar(select(PredictionLog.predic_id).where(PredictionLog.uid == row.uid))
        assert row_id is not None
        return row_id

    return write


def get(client: FlaskClient, path: str, headers: dict[str, str] | None = None) -> Any:
    answer = client.get(f"{DASHBOARD}/{path}", headers=headers)
    assert answer.status_code == 200, answer.text
    return answer.json


def status(client: FlaskClient, path: str, headers: dict[str, str] | None = None) -> int:
    return client.get(f"{DASHBOARD}/{path}", headers=headers).status_code


# Figures ------------------------------------------------------------------------------------------------------------


def test_no_data_is_null_where_there_is_no_figure(client: FlaskClient) -> None:
    stats = get(client, "stats")
    assert stats["total_predictions"] == 0
    assert stats["most_common_emotion"] is None
    assert stats["average_confidence"] is None
    assert stats["predictions_by_emotion"] == NOTHING


def test_the_stats_count_all_seven(client: FlaskClient, log: Log) -> None:
    for emotion, confidence in [("happy", 0.9), ("happy", 0.7), ("sad", 0.5)]:
        log(emotion, confidence)
    stats = get(client, "stats")
    assert stats["total_predictions"] == 3
    assert stats["most_common_emotion"] == {"name": "happy", "count": 2}
    assert stats["average_confidence"] == pytest.approx(0.7)
    assert stats["predictions_by_emotion"] == NOTHING | {"happy": 2, "sad": 1}
    assert list(stats["predictions_by_emotion"]) == [emotion.value for emotion in EMOTIONS]


def test_a_tie_goes_to_the_lower_id(client: FlaskClient, log: Log) -> None:
    for emotion in ("surprise", "fear", "sad"):
        log(emotion)
    assert get(client, "stats")["most_common_emotion"] == {"name": "fear", "count": 1}


def test_filters_narrow_the_stats(client: FlaskClient, log: Log, login: Login) -> None:
    headers = login()
    log("happy", user="usuario")
    log("sad")
    log("angry", when="2026-01-01T10:30:00+00:00")
    assert get(client, "stats?user=me", headers)["predictions_by_emotion"] == NOTHING | {"happy": 1}
    assert get(client, "stats?emotion=sad")["total_predictions"] == 1
    old = get(client, "stats?since=2026-01-01&until=2026-01-02")
    assert old["predictions_by_emotion"] == NOTHING | {"angry": 1}


def test_a_period_is_rounded_down_to_the_hour_and_told(client: FlaskClient, log: Log) -> None:
    log(when="2026-01-01T10:30:00+00:00")
    stats = get(client, "stats?since=2026-01-01T10:45:00Z&until=2026-01-01T12:15:00Z")
    assert stats["total_predictions"] == 1
    assert [datetime.fromisoformat(stats["period"][end]) for end in ("since", "until")] == [
        datetime(2026, 1, 1, 10, tzinfo=UTC),
        datetime(2026, 1, 1, 12, tzinfo=UTC),
    ]


def test_a_plus_that_nobody_encoded_is_understood(client: FlaskClient) -> None:
    period = get(client, "stats?since=2026-01-01T10:00:00+02:00")["period"]
    assert datetime.fromisoformat(period["since"]) == datetime(2026, 1, 1, 8, tzinfo=UTC)


def test_mine_without_a_token_is_refused(client: FlaskClient) -> None:
    answer = client.get(f"{DASHBOARD}/stats?user=me")
    assert (answer.status_code, answer.json["error"]["code"]) == (401, "invalid_token")


# Recent -------------------------------------------------------------------------------------------------------------


def test_recent_predictions_come_newest_first_a_page_at_a_time(client: FlaskClient, log: Log) -> None:
    same = "2026-01-01T10:00:00+00:00"
    ids = [log(when=same), log(when=same), log(when="2026-01-01T09:00:00+00:00"), log(when="2026-01-02T00:00:00+00:00")]
    first = get(client, "recent?limit=3")
    assert first["count"] == 3
    assert [row["id"] for row in first["predictions"]] == [ids[3], ids[1], ids[0]]
    second = get(client, f"recent?limit=3&cursor={first['next_cursor']}")
    assert [row["id"] for row in second["predictions"]] == [ids[2]]
    assert second["next_cursor"] is None


def test_a_recent_prediction_has_the_fields_of_the_contract(client: FlaskClient, log: Log) -> None:
    log("sad", 0.61, "2026-01-01T10:30:00.123456+00:00")
    (row,) = get(client, "recent")["predictions"]
    of_the_contract = ["id", "timestamp", "emotion", "confidence", "user", "source_ip"]
    assert list(row) == [*of_the_contract, "session", "uncertain", "model_version_tag"]
    assert (row["emotion"], row["confidence"]) == ("sad", 0.61)
    assert row["timestamp"] == "2026-01-01T10:30:00.123456+00:00"


@pytest.mark.parametrize(
    ("call", "schema"),
    [
        ("recent?limit=1", RecentSchema),
        ("timeline?days=2&versions=true", TimelineSchema),
        ("timeline?since=2026-01-01&until=2026-01-02&bucket=hour", TimelineSchema),
    ],
)
def test_what_no_schema_writes_is_as_its_schema_says(
    client: FlaskClient, log: Log, login: Login, call: str, schema: type[Schema]
) -> None:
    headers = login("usuario")
    log("sad", 0.61, "2026-01-01T10:30:00+00:00", user="usuario")
    log("happy", 1 / 3)
    answer = get(client, call, headers)
    assert answer == schema().dump(schema().load(answer))
    assert client.get(f"{DASHBOARD}/{call}", headers=headers).mimetype == "application/json"


@pytest.mark.parametrize(
    ("asker", "role", "seen"),
    [
        (None, None, (None, None)),
        ("otra", "user", (None, None)),
        ("usuario", "user", ("usuario", "203.0.113.0")),
        ("admin", "admin", ("usuario", "203.0.113.0")),
    ],
    ids=["anybody", "another user", "the user", "an administrator"],
)
def test_user_and_address_are_for_administrators_and_the_user(
    client: FlaskClient,
    log: Log,
    login: Login,
    asker: str | None,
    role: str | None,
    seen: tuple[str | None, str | None],
) -> None:
    login("usuario")
    log(user="usuario")
    headers = login(asker, role) if asker else None
    (row,) = get(client, "recent", headers)["predictions"]
    assert (row["user"], row["source_ip"]) == seen


def test_the_address_of_an_anonymous_prediction_is_for_administrators(
    client: FlaskClient, log: Log, login: Login
) -> None:
    log()
    assert get(client, "recent", login())["predictions"][0]["source_ip"] is None
    assert get(client, "recent", login("admin", "admin"))["predictions"][0]["source_ip"] == "203.0.113.0"


# Timeline -----------------------------------------------------------------------------------------------------------


def test_the_timeline_has_exactly_the_days_asked_for_and_ends_today(client: FlaskClient, log: Log) -> None:
    log("happy")
    timeline = get(client, "timeline?days=5")
    today = datetime.now(UTC).date()
    assert timeline["period_days"] == 5
    assert [step["date"] for step in timeline["timeline"]] == [
        str(today - timedelta(days=ago)) for ago in (4, 3, 2, 1, 0)
    ]
    assert [step["count"] for step in timeline["timeline"]] == [0, 0, 0, 0, 1]
    assert timeline["timeline"][-1]["by_emotion"] == NOTHING | {"happy": 1}


def test_seven_days_are_the_default(client: FlaskClient) -> None:
    assert len(get(client, "timeline")["timeline"]) == 7


def test_by_the_hour_a_date_is_a_timestamp(client: FlaskClient) -> None:
    steps = get(client, "timeline?days=1&bucket=hour")["timeline"]
    assert {datetime.fromisoformat(step["date"]).minute for step in steps} == {0}
    assert len(steps) == 24


def test_days_are_those_of_the_time_zone(client: FlaskClient, log: Log) -> None:
    log(when="2026-01-02T03:00:00+00:00")
    period = "since=2026-01-01T05:00:00Z&until=2026-01-03T05:00:00Z"
    steps = get(client, f"timeline?{period}&tz=America/Bogota")["timeline"]
    assert [(step["date"], step["count"]) for step in steps] == [("2026-01-01", 1), ("2026-01-02", 0)]


# One emotion, one user ----------------------------------------------------------------------------------------------


def test_one_emotion_in_detail(client: FlaskClient, log: Log) -> None:
    log("sad", 0.6, "2026-01-01T10:30:00+00:00")
    for _ in range(3):
        log("happy")
    detail = client.get(f"{DASHBOARD}/emotion/sad", headers={"Accept-Language": "en"}).json
    assert detail["emotion"] == {"id": 6, "name": "sad", "description": "Sadness"}
    statistics = detail["statistics"]
    assert (statistics["total_predictions"], statistics["percentage"]) == (1, 25.0)
    assert statistics["average_confidence"] == pytest.approx(0.6)
    assert statistics["last_prediction"] == "2026-01-01T10:30:00+00:00"


def test_an_emotion_never_seen_has_no_last_prediction(client: FlaskClient) -> None:
    statistics = get(client, "emotion/fear")["statistics"]
    assert (statistics["average_confidence"], statistics["last_prediction"]) == (None, None)
    assert statistics["total_predictions"] == 0


@pytest.mark.parametrize("name", ["usuario", "USUARIO"])
def test_a_user_sees_their_own_figures(client: FlaskClient, log: Log, login: Login, name: str) -> None:
    headers = login()
    log("happy", user="usuario")
    log("sad")
    figures = get(client, f"users/{name}", headers)
    assert (figures["username"], figures["total_predictions"]) == ("usuario", 1)


@pytest.mark.parametrize("name", ["admin", "nadie", "a%00b"])
def test_the_figures_of_others_are_forbidden_whether_or_not_they_exist(
    client: FlaskClient, login: Login, name: str
) -> None:
    login("admin", "admin")
    answer = client.get(f"{DASHBOARD}/users/{name}", headers=login())
    assert (answer.status_code, answer.json["error"]["code"]) == (403, "forbidden")


@pytest.mark.parametrize(("name", "expected"), [("usuario", 200), ("nadie", 404), ("a%00b", 404)])
def test_an_administrator_sees_the_figures_of_whoever_exists(
    client: FlaskClient, login: Login, name: str, expected: int
) -> None:
    login()
    assert status(client, f"users/{name}", login("admin", "admin")) == expected


def test_only_an_administrator_sees_all_users(client: FlaskClient, log: Log, login: Login) -> None:
    user, admin = login(), login("admin", "admin")
    log("happy", 0.8, user="usuario")
    users = {one["username"]: one for one in get(client, "users", admin)["users"]}
    assert users["usuario"]["total_predictions"] == 1
    assert users["usuario"]["average_confidence"] == pytest.approx(0.8)
    assert (users["admin"]["total_predictions"], users["admin"]["average_confidence"]) == (0, None)
    assert status(client, "users", user) == 403
    assert status(client, "users") == 401


class TestAPrivateDashboard:
    @pytest.fixture
    def settings(self) -> dict[str, str]:
        return {"DASHBOARD_PUBLIC": "false"}

    @pytest.mark.parametrize("path", EVERY_CALL)
    def test_needs_a_token_for_every_call(self, client: FlaskClient, login: Login, path: str) -> None:
        assert status(client, path) == 401
        assert status(client, path, login()) == 200


# Export -------------------------------------------------------------------------------------------------------------


def test_an_export_needs_a_user(client: FlaskClient) -> None:
    assert status(client, "export") == 401


def test_a_user_exports_their_own_rows_as_csv(client: FlaskClient, log: Log, login: Login) -> None:
    headers = login()
    mine = log("happy", user="usuario")
    log("sad")
    answer = client.get(f"{DASHBOARD}/export?format=csv", headers=headers)
    assert answer.content_type == "text/csv; charset=utf-8"
    assert answer.headers["Content-Disposition"] == "attachment; filename=visionai-predictions.csv"
    (row,) = csv.DictReader(io.StringIO(answer.text))
    assert row["id"] == str(mine)
    assert row["emotion_name"] == "happy"


def test_an_administrator_exports_all_rows_as_json(client: FlaskClient, log: Log, login: Login) -> None:
    ids = [log(), log()]
    admin = login("admin", "admin")
    rows = get(client, "export?format=json", admin)
    assert sorted(row["id"] for row in rows) == ids
    assert get(client, "export?format=json&user=me", admin) == []


def test_an_export_of_many_rows_is_streamed_whole(client: FlaskClient, log: Log, login: Login) -> None:
    ids = [log() for _ in range(450)]
    admin = login("admin", "admin")
    answer = client.get(f"{DASHBOARD}/export?format=json", headers=admin)
    assert answer.is_streamed
    assert sorted(row["id"] for row in answer.json) == ids
    text = client.get(f"{DASHBOARD}/export", headers=admin).text
    assert sorted(int(row["id"]) for row in csv.DictReader(io.StringIO(text))) == ids


def test_a_cell_that_a_spreadsheet_would_run_begins_with_an_apostrophe(
    client: FlaskClient, log: Log, login: Login
) -> None:
    headers = login("-2.3_cmd")
    log(user="-2.3_cmd")
    (row,) = csv.DictReader(io.StringIO(client.get(f"{DASHBOARD}/export", headers=headers).text))
    assert "'-2.3_cmd" in row.values()


def test_an_empty_export_has_its_columns(client: FlaskClient, login: Login) -> None:
    text = client.get(f"{DASHBOARD}/export", headers=login()).text
    assert text.startswith("id,")
    assert len(text.splitlines()) == 1
