from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.exc import OperationalError

from visionai import __version__
from visionai.database import revisions
from visionai.extensions import db
from visionai.inference.engine import Engine
from visionai.services import presence
from visionai.services.recording import spool

API = "/api/v1"


@pytest.mark.parametrize(("header", "description"), [({}, "Felicidad o alegría"), ({"Accept-Language": "en"}, "Happ")])
def test_the_seven_emotions_are_listed_in_the_language_asked_for(
    client: FlaskClient, header: dict[str, str], description: str
) -> None:
    emotions = client.get(f"{API}/emotions", headers=header).json["emotions"]
    assert [emotion["id"] for emotion in emotions] == [1, 2, 3, 4, 5, 6, 7]
    assert [emotion["name"] for emotion in emotions] == [
        "angry",
        "disgust",
        "fear",
        "happy",
        "neutral",
        "sad",
        "surprise",
    ]
    assert emotions[3]["description"].startswith(description)


def test_asking_for_the_model_starts_its_load(app: Flask, client: FlaskClient, engine: Engine) -> None:
    first = client.get(f"{API}/model/info").json
    assert list(first) == [
        "status",
        "model_version_tag",
        "weights_version_tag",
        "calibration",
        "input_shape",
        "num_classes",
        "total_params",
        "emotion_classes",
        "runtime",
        "metrics",
        "learned_shares",
        "priors",
        "default_priors",
    ]
    engine.run(lambda analyzer: None)
    loaded = client.get(f"{API}/model/info").json
    assert (loaded["status"], loaded["model_version_tag"]) == ("loaded", "v1.0.0")
    assert loaded["input_shape"] == "(None, 96, 96, 3)"


@pytest.mark.parametrize(
    ("settings", "pictures", "frames"),
    [
        ({"PRIOR": "auto"}, "even", "typical"),
        ({"PRIOR": "even"}, "even", "even"),
        ({"PRIOR": "typical"}, "typical", "typical"),
    ],
)
def test_the_model_tells_which_operating_points_are_the_defaults(
    client: FlaskClient, pictures: str, frames: str
) -> None:
    assert client.get(f"{API}/model/info").json["default_priors"] == {"pictures": pictures, "frames": frames}


def test_the_model_tells_the_operating_points_once_it_is_loaded(client: FlaskClient, engine: Engine) -> None:
    before = client.get(f"{API}/model/info").json
    assert (before["learned_shares"], before["priors"]) == (None, None)
    engine.run(lambda analyzer: None)
    info = client.get(f"{API}/model/info").json
    assert list(info["learned_shares"]) == info["emotion_classes"]
    assert list(info["priors"]) == ["even", "typical"]
    assert list(info["priors"]["even"]["shares"]) == info["emotion_classes"]
    assert info["priors"]["even"]["temperature"] == 0.8


def test_health_tells_of_every_part(client: FlaskClient) -> None:
    connected = presence.count()
    presence.entered()
    answer = client.get(f"{API}/health")
    presence.left()
    assert answer.json == {
        "status": "healthy",
        "service": "VisionAI Backend",
        "version": __version__,
        "model": "not_loaded",
        "database": "ok",
        "recorder": "ok",
        "clients_connected": connected + 1,
    }


def test_health_is_degraded_and_still_200_when_the_database_is_away(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("visionai.services.health.database_state", lambda: "unavailable")
    answer = client.get(f"{API}/health")
    assert answer.status_code == 200
    assert (answer.json["status"], answer.json["database"]) == ("degraded", "unavailable")


def test_live_asks_nothing_of_the_parts(client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("visionai.services.health.database_state", lambda: "unavailable")
    assert client.get(f"{API}/health/live").status_code == 200


def test_ready_starts_the_load_and_is_503_until_the_model_answers(client: FlaskClient, engine: Engine) -> None:
    first = client.get(f"{API}/health/ready")
    assert first.status_code in (503, 200)
    engine.run(lambda analyzer: None)
    answer = client.get(f"{API}/health/ready")
    assert (answer.status_code, answer.json) == (200, {"status": "ready", "revision": revisions.known()[0]})


def test_ready_stays_200_once_the_schema_was_seen_while_the_database_is_away(
    client: FlaskClient, engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine.run(lambda analyzer: None)
    assert client.get(f"{API}/health/ready").status_code == 200
    monkeypatch.setattr(db.engine, "connect", refuse)
    assert client.get(f"{API}/health").json["database"] == "unavailable"
    assert client.get(f"{API}/health/ready").status_code == 200


def test_ready_is_503_where_the_database_was_never_reached(
    client: FlaskClient, engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine.run(lambda analyzer: None)
    monkeypatch.setattr(db.engine, "connect", refuse)
    assert failure_of(client) == (503, "database_unavailable")


def test_ready_is_503_where_rows_could_not_wait_on_the_disk(
    client: FlaskClient, engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine.run(lambda analyzer: None)
    monkeypatch.setattr(spool, "ROOM_BYTES", 1 << 60)
    assert failure_of(client) == (503, "disk_full")


def test_ready_is_503_once_the_process_was_told_to_stop(
    client: FlaskClient, engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine.run(lambda analyzer: None)
    monkeypatch.setattr("visionai.services.health.concurrency.draining", lambda: True)
    assert failure_of(client) == (503, "busy")


def refuse() -> None:
    raise OperationalError("connect", None, ConnectionRefusedError())


def failure_of(client: FlaskClient) -> tuple[int, str]:
    """Return how readiness is refused: with which status and code, and when to come back."""
    answer = client.get(f"{API}/health/ready")
    assert int(answer.headers["Retry-After"]) > 0
    return answer.status_code, answer.json["error"]["code"]


@pytest.mark.parametrize(("age", "status"), [(29.0, 200), (31.0, 503)])
def test_a_process_whose_oldest_picture_is_too_old_is_not_alive(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch, age: float, status: int
) -> None:
    monkeypatch.setattr(Engine, "oldest_seconds", property(lambda _: age))
    answer = client.get(f"{API}/health/live")
    assert answer.status_code == status
    assert ("Retry-After" in answer.headers) == (status == 503)
