"""A server without a network behind it, pictures to send and people to send them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.unit.api.images import png
from visionai.inference.engine import Engine
from visionai.services.accounts import accounts
from visionai.vision.calibration import Calibration
from visionai.vision.emotions import EMOTIONS
from visionai.vision.images.decoding import Limits, decode
from visionai.vision.priors import DefaultPriors, Prior
from visionai.vision.results import Analysis, Box, Face
from visionai.vision.weights import WeightsManifest

PASSWORD = "una frase larga"
SCORES = {
    Prior.EVEN: (0.01, 0.0, 0.01, 0.9234, 0.04, 0.01, 0.0066),
    Prior.TYPICAL: (0.01, 0.0, 0.01, 0.36, 0.6, 0.01, 0.01),
}
SHARES = dict.fromkeys((emotion.value for emotion in EMOTIONS), 1 / 7)


class FakeAnalyzer:
    """Decodes for real; sees a face in every picture that is not of one colour, happy at even shares, else neutral."""

    def analyze(self, data: bytes, *, detect: bool, prior: Prior, near: object, limits: Limits) -> Analysis:
        picture = decode(data, limits)
        plain = picture.image.getcolors(1) is not None
        box = Box(0, 0, picture.width, picture.height)
        face = Face(box, 0.98 if detect else None, SCORES[prior], uncertain=False)
        faces = () if plain and detect else (face,)
        return Analysis(faces, picture.width, picture.height, "v1.0.0", 7.2, prior=prior)

    def probabilities(self, data: bytes, limits: Limits) -> npt.NDArray[np.float32] | None:
        plain = decode(data, limits).image.getcolors(1) is not None
        return None if plain else np.array(SCORES, np.float32)


class FakeWeights:
    """What the engine needs of weights."""

    manifest = WeightsManifest("v1.0.0", None, None)

    def __init__(self, calibration: Calibration | None = None) -> None:
        self.calibration = calibration

    @property
    def version_tag(self) -> str:
        return self.calibration.tag if self.calibration else "v1.0.0"

    def calibrated(self, calibration: Calibration | None) -> FakeWeights:
        return FakeWeights(calibration)

    def analyzer(self) -> FakeAnalyzer:
        return FakeAnalyzer()

    def describe(self) -> Mapping[str, Any]:
        return {
            "model_version_tag": self.version_tag,
            "weights_version_tag": "v1.0.0",
            "calibration": self.calibration.name if self.calibration else None,
            "input_shape": "(None, 96, 96, 3)",
            "num_classes": 7,
            "total_params": 2_000_000,
            "emotion_classes": [emotion.value for emotion in EMOTIONS],
            "runtime": "openvino",
            "metrics": {"accuracy": 0.7},
            "learned_shares": SHARES,
            "priors": {prior.value: {"shares": SHARES, "temperature": 0.8} for prior in Prior},
        }


@pytest.fixture(autouse=True)
def engine(app: Flask) -> Engine:
    """The application's native threads, with a fake at the end of them."""
    engine = Engine(
        lambda path: FakeWeights(),  # type: ignore[arg-type, return-value]
        Path("none"),
        threads=2,
        waiting=64,
        default_priors=DefaultPriors.of_setting(app.config["PRIOR"]),
    )
    app.extensions["inference"] = engine
    return engine


@pytest.fixture
def picture() -> bytes:
    """A picture with a face, as far as the fake can tell."""
    return png(64, 48)


Login = Callable[..., dict[str, str]]


@pytest.fixture
def login(app: Flask, client: FlaskClient) -> Login:
    """Make an account where there is none, sign in and return the headers that say so."""
    known: set[str] = set()

    def headers(username: str = "usuario", role: str = "user") -> dict[str, str]:
        if username not in known:
            accounts.create_user(username, PASSWORD, role)
            known.add(username)
        answer = client.post("/api/v1/auth/login", json={"username": username, "password": PASSWORD})
        return {"Authorization": f"Bearer {answer.json['access_token']}"}

    return headers
