"""The answer to an image or a frame, written by hand because it is the fast path.

A test holds it equal to `schemas.predictions`, which documents it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from ..vision.priors import Prior
from ..vision.results import Analysis, Face


@dataclass(frozen=True, slots=True)
class Prediction:
    """What was seen in one image, and what became of its row.

    `timestamp` is aware, in UTC. `id` is None unless the row was committed when this was made; `recorded` says that it
    is committed or safely queued.
    """

    uid: UUID
    analysis: Analysis
    timestamp: datetime
    user: str | None
    id: int | None
    recorded: bool


def prediction_body(prediction: Prediction) -> dict[str, Any]:
    """Return the JSON fields that every transport answers with; those of the emotion are None without a face."""
    face = prediction.analysis.largest
    return {
        "id": prediction.id,
        "uid": str(prediction.uid),
        "emotion_name": face.emotion.value if face else None,
        "confidence": rounded(face.confidence) if face else None,
        "uncertain": face.uncertain if face else None,
        "model_version_tag": prediction.analysis.model_version_tag,
        "prior": prediction.analysis.prior.value,
        "processing_time_ms": whole_milliseconds(prediction.analysis),
        "timestamp": _instant(prediction.timestamp),
        "user": prediction.user,
        "recorded": prediction.recorded,
        "faces": [face_body(face) for face in prediction.analysis.faces],
    }


def face_body(face: Face) -> dict[str, Any]:
    """Return the JSON fields of one face."""
    box, found = face.box, face.detection_confidence
    return {
        "box": {"x": box.x, "y": box.y, "width": box.width, "height": box.height},
        "detection_confidence": None if found is None else rounded(found),
        "emotion_name": face.emotion.value,
        "confidence": rounded(face.confidence),
        "uncertain": face.uncertain,
        "scores": {name: rounded(score) for name, score in face.scores_by_name.items()},
    }


def unread_body(uid: UUID, prior: Prior, user: str | None, model_version_tag: str | None) -> dict[str, Any]:
    """Return the fields of a prediction for a frame that was not read; those of an analysis are None or empty."""
    return {
        "id": None,
        "uid": str(uid),
        "emotion_name": None,
        "confidence": None,
        "uncertain": None,
        "model_version_tag": model_version_tag,
        "prior": prior.value,
        "processing_time_ms": 0,
        "timestamp": _instant(datetime.now(UTC)),
        "user": user,
        "recorded": False,
        "faces": [],
    }


def whole_milliseconds(analysis: Analysis) -> int:
    """Return the time of an analysis, at least 1: the column is an integer and nothing takes no time."""
    return max(1, round(analysis.processing_time_ms))


def rounded(score: float) -> float:
    """Return a score as answers and rows have it, to four digits."""
    return round(float(score), 4)


def _instant(moment: datetime) -> str:
    return moment.isoformat(timespec="microseconds")
