"""The messages that go back to a client of a stream, as the JSON of the contract."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ...contract.errors import error_body
from ...contract.predictions import Prediction, prediction_body, unread_body
from ...errors import N_, NoFace, VisionAIError
from ...locale import translate
from ...vision.emotions import EMOTIONS
from ...vision.tracking.tracker import TrackedFace
from .frames import Frame
from .shared import Caller

RETRY_AFTER_MS = 250
"""How long a client should wait after `busy`: some times the age of a full queue's oldest frame."""


def read_frame_body(
    frame: Frame, prediction: Prediction, faces: Sequence[TrackedFace], people: Sequence[int | None] | None
) -> dict[str, Any]:
    """Return the answer to a frame that was read; `faces` are those of the prediction, in its order.

    `people` are their numbers in the recorded session, None outside of one.
    """
    body = prediction_body(prediction)
    numbers: Sequence[int | None] = people if people is not None else [None] * len(faces)
    for shown, tracked, person in zip(body["faces"], faces, numbers, strict=True):
        shown["track_id"] = tracked.track_id
        shown["person"] = person
        shown["smoothed"] = _smoothed(tracked)
    return _with_frame(frame, "success" if faces else NoFace.code, body)


def unread_frame_body(frame: Frame, status: str, version_tag: str | None) -> dict[str, Any]:
    """Return the answer to a frame that was never read: `status` is "dropped" or "busy"."""
    body = unread_body(frame.uid, frame.prior, frame.source.username, version_tag)
    if status == "busy":
        body["retry_after_ms"] = RETRY_AFTER_MS
    return _with_frame(frame, status, body)


def failure_body(error: VisionAIError, language: str, seq: Any = None) -> dict[str, Any]:
    """Return the answer to what failed."""
    body = {"type": "error", "status": "error", **error_body(error, language)}
    body["message"] = body["error"]["message"]
    return body if seq is None else {**body, "seq": seq}


def _with_frame(frame: Frame, status: str, body: dict[str, Any]) -> dict[str, Any]:
    return {"type": "prediction", "status": status, "seq": frame.seq, "age_ms": frame.age_ms, **body}


_NAMES = tuple(emotion.value for emotion in EMOTIONS)


def _smoothed(tracked: TrackedFace) -> dict[str, Any]:
    scores = {name: round(score, 4) for name, score in zip(_NAMES, tracked.scores, strict=True)}
    return {"emotion_name": tracked.emotion.value, "scores": scores}


def greeting_body(caller: Caller) -> dict[str, Any]:
    """Return what a client is told first: who it is and what it may send."""
    identity = caller.identity
    return {
        "type": "connection",
        "status": "connected",
        "message": translate(_WELCOME, language=caller.language),
        "user": identity.username if identity else None,
        "limits": caller.shared.limits.announced,
    }


_WELCOME = N_("Connected to VisionAI. It reads the apparent expression of faces, not what anybody feels.")
