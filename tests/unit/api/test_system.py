from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskClient

from visionai import __version__
from visionai.inference.engine import Engine
from visionai.services import presence

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
    assert client.get(f"{API}/health/ready").status_code == 200


def test_ready_is_503_while_the_database_is_away(client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("visionai.services.health.database_state", lambda: "unavailable")
    answer = client.get(f"{API}/health/ready")
    assert (answer.status_code, answer.json["error"]["code"]) == (503, "database_unavailable")
    assert int(answer.headers["Retry-After"]) > 0


@pytest.mark.parametrize(("age", "status"), [(29.0, 200), (31.0, 503)])
def test_a_process_whose_oldest_picture_is_too_old_is_not_alive(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch, age: float, status: int
) -> None:
    monkeypatch.setattr(Engine, "oldest_seconds", property(lambda _: age))
    answer = client.get(f"{API}/health/live")
    assert answer.status_code == status
    assert ("Retry-After" in answer.headers) == (status == 503)
