from __future__ import annotations

import base64
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from tests.unit.api.conftest import Login
from tests.unit.api.images import blank_png, encoded, form, noise, png
from visionai.extensions import db
from visionai.models import PredictionLog

pytestmark = pytest.mark.databases

PREDICT = "/api/v1/predict"
PNG = png(64, 48)
BODIES: dict[str, dict[str, Any]] = {
    "multipart": form(("file", "photo.png", PNG)),
    "JSON": {"json": {"image": base64.b64encode(PNG).decode()}},
    "data URL": {"json": {"image": "data:image/png;base64," + base64.b64encode(PNG).decode()}},
    "image/png": {"data": PNG, "content_type": "image/png"},
    "another image type": {"data": PNG, "content_type": "image/x-anything"},
    "octets": {"data": PNG, "content_type": "application/octet-stream"},
}


@pytest.mark.parametrize("kind", BODIES)
def test_each_body_gives_the_whole_prediction(client: FlaskClient, kind: str) -> None:
    answer = client.post(PREDICT, **BODIES[kind])
    assert answer.status_code == 200
    body = answer.json
    assert list(body) == [
        "id",
        "uid",
        "emotion_name",
        "confidence",
        "uncertain",
        "model_version_tag",
        "prior",
        "processing_time_ms",
        "timestamp",
        "user",
        "recorded",
        "faces",
    ]
    assert (body["emotion_name"], body["confidence"], body["uncertain"]) == ("happy", 0.9234, False)
    assert (body["user"], body["recorded"]) == (None, True)
    assert UUID(body["uid"]).version == 7
    moment = datetime.fromisoformat(body["timestamp"])
    assert moment.utcoffset() == timedelta(0)
    assert datetime.now(UTC) - moment < timedelta(minutes=1)
    (face,) = body["faces"]
    assert face["box"] == {"x": 0, "y": 0, "width": 64, "height": 48}
    assert list(face["scores"]) == ["angry", "disgust", "fear", "happy", "neutral", "sad", "surprise"]


def test_the_row_is_committed_when_the_answer_leaves(client: FlaskClient) -> None:
    body = client.post(PREDICT, **BODIES["JSON"]).json
    row = db.session.scalars(select(PredictionLog)).one()
    assert (row.predic_id, str(row.uid)) == (body["id"], body["uid"])
    assert (row.emotion_id, row.confidence, row.user_id) == (4, 0.9234, None)


def test_a_token_makes_the_prediction_the_users(client: FlaskClient, login: Login) -> None:
    body = client.post(PREDICT, **BODIES["JSON"], headers=login()).json
    assert body["user"] == "usuario"
    assert db.session.scalars(select(PredictionLog)).one().user_id is not None


def test_without_record_no_row_is_written(client: FlaskClient) -> None:
    body = client.post(f"{PREDICT}?record=false", **BODIES["JSON"]).json
    assert (body["id"], body["recorded"]) == (None, False)
    assert db.session.scalars(select(PredictionLog)).all() == []


def test_without_detect_the_picture_is_the_face(client: FlaskClient) -> None:
    answer = client.post(f"{PREDICT}?detect=false", data=blank_png(), content_type="image/png")
    (face,) = answer.json["faces"]
    assert face["detection_confidence"] is None
    assert face["box"] == {"x": 0, "y": 0, "width": 64, "height": 48}


def test_a_picture_is_turned_upright_before_boxes_are_told(client: FlaskClient) -> None:
    image = noise(64, 48)
    exif = image.getexif()
    exif[0x0112] = 6
    answer = client.post(PREDICT, data=encoded(image, "JPEG", exif=exif), content_type="image/jpeg")
    assert answer.json["faces"][0]["box"] == {"x": 0, "y": 0, "width": 48, "height": 64}


def test_a_picture_of_just_the_limit_is_read(client: FlaskClient) -> None:
    padded = PNG + b"\0" * (10 * 1024 * 1024 - len(PNG))
    assert client.post(PREDICT, data=padded, content_type="image/png").status_code == 200
    assert client.post(PREDICT, **form(("file", "photo.png", padded))).status_code == 200
    assert client.post(PREDICT, json={"image": base64.encodebytes(padded).decode()}).status_code == 200


@pytest.mark.parametrize(
    ("query", "prior", "emotion"),
    [("", "even", "happy"), ("?prior=even", "even", "happy"), ("?prior=typical", "typical", "neutral")],
)
def test_a_picture_is_read_at_even_shares_or_at_those_asked_for(
    client: FlaskClient, query: str, prior: str, emotion: str
) -> None:
    body = client.post(PREDICT + query, **BODIES["JSON"]).json
    assert (body["prior"], body["emotion_name"]) == (prior, emotion)


@pytest.mark.parametrize("settings", [{"PRIOR": "typical"}], ids=["typical"])
def test_the_setting_chooses_where_a_call_does_not(client: FlaskClient) -> None:
    assert client.post(PREDICT, **BODIES["JSON"]).json["prior"] == "typical"
    assert client.post(f"{PREDICT}?prior=even", **BODIES["JSON"]).json["prior"] == "even"


@pytest.mark.parametrize("language", ["en", "es"])
@pytest.mark.parametrize("value", ["", "odd", "EVEN", "even,typical", "0", "%00", "null", "e" * 10_000])
def test_a_prior_that_does_not_exist_is_refused_by_the_names_of_those_that_do(
    client: FlaskClient, value: str, language: str
) -> None:
    answer = client.post(f"{PREDICT}?prior={value}", **BODIES["JSON"], headers={"Accept-Language": language})
    assert (answer.status_code, answer.json["error"]["code"]) == (422, "validation_failed")
    (said,) = answer.json["error"]["details"]["prior"]
    assert "even" in said
    assert "typical" in said
    assert said.startswith({"en": "The operating points", "es": "Los puntos de operación"}[language])
    assert db.session.scalars(select(PredictionLog)).all() == []


class TestTheAddress:
    @pytest.fixture(params=[("truncated", "203.0.113.0"), ("full", "203.0.113.77"), ("off", None)], ids=lambda p: p[0])
    def mode(self, request: pytest.FixtureRequest) -> tuple[str, str | None]:
        return request.param

    @pytest.fixture
    def settings(self, mode: tuple[str, str | None]) -> dict[str, str]:
        return {"SOURCE_IP": mode[0], "TRUSTED_PROXIES": "1"}

    def test_is_that_of_the_client_behind_the_proxy_as_far_as_it_may_be_kept(
        self, client: FlaskClient, mode: tuple[str, str | None]
    ) -> None:
        forwarded = {"X-Forwarded-For": "198.51.100.9, 203.0.113.77"}
        client.post(PREDICT, **BODIES["JSON"], headers=forwarded)
        assert db.session.scalars(select(PredictionLog)).one().source_ip == mode[1]


def test_an_upload_never_touches_the_disk(app: Flask, client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("a temporary file was made")

    monkeypatch.setattr("werkzeug.formparser.SpooledTemporaryFile", refuse)
    large = PNG + b"\0" * 2_000_000
    assert client.post(PREDICT, **form(("file", "photo.png", large))).status_code == 200
