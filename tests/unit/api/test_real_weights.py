"""The whole way over REST with the weights that are served: the smiling astronaut is happy."""

from __future__ import annotations

import base64
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from PIL import Image
from skimage.data import astronaut

from tests.unit.api.images import encoded, form, noise
from visionai.inference.engine import Engine

PHOTO = encoded(Image.fromarray(astronaut()), "JPEG", quality=90)
BODIES: dict[str, dict[str, Any]] = {
    "multipart": form(("file", "astronaut.jpg", PHOTO)),
    "JSON": {"json": {"image": base64.b64encode(PHOTO).decode()}},
    "data URL": {"json": {"image": "data:image/jpeg;base64," + base64.b64encode(PHOTO).decode()}},
    "image/jpeg": {"data": PHOTO, "content_type": "image/jpeg"},
}


@pytest.fixture
def engine(app: Flask) -> Engine:
    """The engine that `create_app` made."""
    return app.extensions["inference"]  # type: ignore[no-any-return]


@pytest.mark.parametrize("kind", BODIES)
def test_the_astronaut_smiles_in_every_body(client: FlaskClient, kind: str) -> None:
    body = client.post("/api/v1/predict", **BODIES[kind]).json
    assert body["emotion_name"] == "happy"
    assert body["confidence"] > 0.5
    box = body["faces"][0]["box"]
    assert abs(box["x"] + box["width"] / 2 - 224) < 40
    assert abs(box["y"] + box["height"] / 2 - 110) < 50


def test_a_tight_crop_of_the_face_is_found(client: FlaskClient) -> None:
    crop = Image.fromarray(astronaut()).crop((175, 60, 275, 175))
    body = client.post("/api/v1/predict", data=encoded(crop, "PNG"), content_type="image/png").json
    assert body["emotion_name"] == "happy"


def test_noise_is_no_face_and_the_message_names_the_way_out(client: FlaskClient) -> None:
    answer = client.post("/api/v1/predict", data=encoded(noise(320, 240), "PNG"), content_type="image/png")
    assert (answer.status_code, answer.json["error"]["code"]) == (422, "no_face")
    assert "detect=false" in answer.json["error"]["message"]


def test_the_model_tells_what_it_is_once_it_is_loaded(client: FlaskClient) -> None:
    client.post("/api/v1/predict?record=false", **BODIES["image/jpeg"])
    info = client.get("/api/v1/model/info").json
    assert (info["status"], info["input_shape"], info["num_classes"]) == ("loaded", "(None, 96, 96, 3)", 7)
    assert info["emotion_classes"] == ["angry", "disgust", "fear", "happy", "neutral", "sad", "surprise"]
    assert info["runtime"] == "openvino"
    assert info["total_params"] > 0
