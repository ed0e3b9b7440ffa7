"""Signed scores of labelled images between the calls that fit a calibration to them; no image is kept.

Images are read as they arrive and never kept. What the classifier said of their faces goes back to the client,
signed, and comes again with the call that fits a calibration: so no process keeps anything, and any of several serves
any call.
"""

from __future__ import annotations

import base64
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from flask import current_app
from itsdangerous import BadData, URLSafeTimedSerializer

from ... import concurrency
from ...errors import N_, BadRequest, ImageError, ReadingsExpired, ValidationFailed, VisionAIError
from ...extensions import inference
from ...vision.calibration import Proposal, propose
from ...vision.classifier import Probabilities
from ...vision.emotions import EMOTIONS, Emotion
from ...vision.weights import WeightsManifest

LASTING_SECONDS = 30 * 60
MOST_PICTURES = 60
"""Images of an emotion that a calibration is fitted to at most."""

_SALT = "visionai.readings"


@dataclass(frozen=True, slots=True)
class Readings:
    """What came of some images of one emotion: the signed readings, and for each image None or why it has none."""

    version: str
    signed: str
    outcomes: Sequence[VisionAIError | str | None]


def read(pictures: Sequence[bytes], emotion: Emotion, user_id: int) -> Readings:
    """Read the largest face of each image; an outcome is None, "no_face", or the error of one that cannot be read.

    Raises Busy, SetupError, and ReadingsExpired where other weights came into force meanwhile.
    """
    manifest = _manifest()
    rows: list[Probabilities] = []
    outcomes: list[VisionAIError | str | None] = []
    for data in pictures:
        try:
            row = inference.probabilities(data)
        except (ImageError, BadRequest) as error:
            outcomes.append(error)
            continue
        outcomes.append("no_face" if row is None else None)
        rows += [] if row is None else [row]
    if _manifest().model_version_tag != manifest.model_version_tag:
        raise ReadingsExpired
    packed = base64.b64encode(np.array(rows, "<f4").tobytes()).decode()
    content = [user_id, manifest.model_version_tag, emotion.id, packed]
    return Readings(manifest.model_version_tag, _signer().dumps(content), outcomes)


def propose_from(signed: Sequence[str], user_id: int) -> Proposal:
    """Fit a calibration of the weights that are served to signed readings.

    Raises ReadingsExpired for readings that are too old, of other weights, of another user's or not ours, and
    ValidationFailed for too many, TooFewPictures for too few.
    """
    manifest = _manifest()
    parts = [_opened(text, user_id, manifest.model_version_tag) for text in signed]
    probabilities = np.concatenate([rows for rows, _ in parts] or [np.empty((0, len(EMOTIONS)), np.float32)])
    labels = np.concatenate([np.full(len(rows), label, np.int64) for rows, label in parts] or [np.empty(0, np.int64)])
    if np.bincount(labels, minlength=len(EMOTIONS)).max() > MOST_PICTURES:
        raise ValidationFailed({"readings": [N_("Send at most 60 pictures of an expression.")]})
    proposal: Proposal = concurrency.call_native(propose, manifest, probabilities, labels)
    return proposal


def served_version() -> str:
    """Return the version of the weights that are served, loaded where they were not yet; raises Busy, SetupError."""
    return _manifest().model_version_tag


def _manifest() -> WeightsManifest:
    """Return the manifest of the weights that are served, loaded where they were not yet; raises Busy, SetupError."""
    inference.run(type)  # Any work on an analyzer loads the weights first.
    manifest = inference.manifest
    assert manifest is not None, "They have just been used."
    return manifest


def _opened(text: str, user_id: int, version: str) -> tuple[Probabilities, int]:
    """Return the rows of signed readings and their class index."""
    try:
        content: list[Any] = _signer().loads(text, max_age=LASTING_SECONDS)
    except BadData as err:
        raise ReadingsExpired from err
    if content[:2] != [user_id, version]:
        raise ReadingsExpired
    rows = np.frombuffer(base64.b64decode(content[3]), "<f4").reshape(-1, len(EMOTIONS))
    return rows, Emotion.from_id(content[2]).class_index


def _signer() -> URLSafeTimedSerializer:
    # The last one signs, and all verify.
    ring = [*reversed(current_app.config["SECRET_KEY_FALLBACKS"]), current_app.config["SECRET_KEY"]]
    return URLSafeTimedSerializer(ring, salt=_SALT)
