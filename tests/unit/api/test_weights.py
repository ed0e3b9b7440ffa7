"""What clients see while the weights cannot be loaded: that it is so, and nothing of files."""

from __future__ import annotations

import io
import logging
import threading
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.support.waiting import eventually
from visionai.errors import SetupError, WeightsError
from visionai.inference.engine import Engine

API = "/api/v1"
REASON = "secret_name.tflite: expected the sha256 0123456789abcdef that its manifest names"
ENGLISH = {"Accept-Language": "en"}


@pytest.fixture(
    params=[WeightsError(REASON), SetupError(REASON), PermissionError(13, REASON, "/secret/path/secret_name.tflite")],
    ids=lambda error: type(error).__name__,
)
def engine(app: Flask, request: pytest.FixtureRequest) -> Engine:
    """An engine whose weights cannot be loaded."""

    def load(path: Path) -> None:
        raise request.param

    app.extensions["inference"] = Engine(load, Path("none"), threads=1, waiting=8)  # type: ignore[arg-type]
    return app.extensions["inference"]


def has_failed(engine: Engine) -> None:
    with pytest.raises(WeightsError):
        engine.load_now()


def test_a_prediction_says_that_there_are_no_weights_and_what_to_do(
    client: FlaskClient, engine: Engine, picture: bytes
) -> None:
    answer = client.post(f"{API}/predict", data=picture, headers={**ENGLISH, "Content-Type": "image/png"})
    assert (answer.status_code, answer.json["error"]["code"]) == (503, "model_unavailable")
    assert int(answer.headers["Retry-After"]) > 0
    assert "weights" in answer.json["error"]["message"]
    assert "flask model activate" in answer.json["error"]["message"]


def test_ready_says_that_the_weights_are_missing(client: FlaskClient, engine: Engine) -> None:
    has_failed(engine)
    answer = client.get(f"{API}/health/ready", headers=ENGLISH)
    assert (answer.status_code, answer.json["error"]["code"]) == (503, "model_unavailable")
    assert "cannot be loaded" in answer.json["error"]["message"]


def test_health_and_model_info_say_that_it_failed(client: FlaskClient, engine: Engine) -> None:
    has_failed(engine)
    health = client.get(f"{API}/health").json
    assert (health["status"], health["model"]) == ("degraded", "failed")
    assert client.get(f"{API}/model/info").json["status"] == "failed"


def test_each_picture_of_a_batch_says_so(client: FlaskClient, engine: Engine, picture: bytes) -> None:
    files = {"files": [(io.BytesIO(picture), "one.png")]}
    (result,) = client.post(f"{API}/predict/batch", data=files).json["results"]
    assert (result["status"], result["error"]["code"]) == (503, "model_unavailable")


def test_the_log_has_the_reason_and_the_answer_has_not(
    client: FlaskClient, engine: Engine, picture: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    answers = [
        client.post(f"{API}/predict", data=picture, content_type="image/png").text,
        *(client.get(f"{API}/{path}").text for path in ("health/ready", "health", "model/info")),
    ]
    assert [text for text in answers if "secret" in text or "0123456789abcdef" in text] == []
    assert "secret_name.tflite" in "\n".join(
        record.getMessage() for record in caplog.records if record.levelno == logging.ERROR
    )


def test_ready_says_that_weights_are_being_loaded(app: Flask, client: FlaskClient, engine: Engine) -> None:
    engine.status = "loading"
    answer = client.get(f"{API}/health/ready", headers=ENGLISH)
    assert (answer.status_code, answer.json["error"]["code"]) == (503, "model_unavailable")
    assert "being loaded" in answer.json["error"]["message"]


def test_ready_says_nothing_of_pictures_that_wait_for_weights(app: Flask, client: FlaskClient, engine: Engine) -> None:
    release = threading.Event()
    filled = Engine(engine._load, Path("none"), threads=1, waiting=1)
    app.extensions["inference"] = filled
    for _ in range(2):
        assert eventually(lambda: filled.waiting == 0)
        filled._threads.submit(lambda _: release.wait(30), on_done=lambda *_: None)
    answer = client.get(f"{API}/health/ready")
    release.set()
    filled.close()
    assert (answer.status_code, answer.json["error"]["code"]) == (503, "model_unavailable")
