"""The one use case behind every transport: read a picture, log what was seen, say it.

REST calls `analyse` and waits for its row; a stream hands frames to `inference.submit` and calls `conclude` with what
comes back, which never waits.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

from ..errors import N_, NoFace
from ..extensions import inference
from ..vision.priors import Prior
from ..vision.results import Analysis, Face
from .recording.recorder import Row, recorder

UNKNOWN_PRIOR = N_("The operating points are “even” and “typical”.")
"""What is said of a `prior` that does not exist, over every transport."""


@dataclass(frozen=True, slots=True)
class Source:
    """Where a picture came from: the signed-in user, if any, and the address as far as it may be kept."""

    user_id: int | None = None
    username: str | None = None
    address: str | None = None


@dataclass(frozen=True, slots=True)
class Prediction:
    """What was seen in one picture, and what became of its row.

    `timestamp` is aware, in UTC. `id` is None unless the row was committed when this was made; `recorded` says that it
    is committed or safely queued.
    """

    uid: UUID
    analysis: Analysis
    timestamp: datetime
    user: str | None
    id: int | None
    recorded: bool


def analyse(
    data: bytes,
    source: Source,
    *,
    detect: bool = True,
    record: bool = True,
    prior: Prior | None = None,
    uid: UUID | None = None,
) -> Prediction:
    """Read a picture and wait until its row is durable; without a `prior` the setting's for pictures holds.

    Raises an ImageError for what cannot be read (NoFace where there is none), Busy, WeightsError, and
    DatabaseUnavailable where the row could neither be committed nor kept on disk.
    """
    uid = uid or uuid4()
    analysis = inference.analyze(data, detect=detect, prior=prior)
    if analysis.largest is None:
        raise NoFace
    timestamp = datetime.now(UTC)
    if not record:
        return Prediction(uid, analysis, timestamp, source.username, None, recorded=False)
    row_id = recorder.write(_row(uid, analysis, analysis.largest, timestamp, source))
    return Prediction(uid, analysis, timestamp, source.username, row_id, recorded=True)


def conclude(analysis: Analysis, source: Source, *, record: bool, uid: UUID) -> Prediction:
    """Queue the row of an analysed frame, without waiting; an analysis with no face leaves no row."""
    timestamp = datetime.now(UTC)
    face = analysis.largest
    recorded = record and face is not None and recorder.offer(_row(uid, analysis, face, timestamp, source))
    return Prediction(uid, analysis, timestamp, source.username, None, recorded)


def prediction_body(prediction: Prediction) -> dict[str, Any]:
    """Return the JSON fields that every transport answers with; those of the emotion are None without a face."""
    face = prediction.analysis.largest
    return {
        "id": prediction.id,
        "uid": str(prediction.uid),
        "emotion_name": face.emotion.value if face else None,
        "confidence": _rounded(face.confidence) if face else None,
        "uncertain": face.uncertain if face else None,
        "model_version_tag": prediction.analysis.model_version_tag,
        "prior": prediction.analysis.prior.value,
        "processing_time_ms": _milliseconds(prediction.analysis),
        "timestamp": prediction.timestamp.isoformat(timespec="microseconds"),
        "user": prediction.user,
        "recorded": prediction.recorded,
        "faces": [face_body(face) for face in prediction.analysis.faces],
    }


def face_body(face: Face) -> dict[str, Any]:
    """Return the JSON fields of one face."""
    box, found = face.box, face.detection_confidence
    return {
        "box": {"x": box.x, "y": box.y, "width": box.width, "height": box.height},
        "detection_confidence": None if found is None else _rounded(found),
        "emotion_name": face.emotion.value,
        "confidence": _rounded(face.confidence),
        "uncertain": face.uncertain,
        "scores": {name: _rounded(score) for name, score in face.scores_by_name.items()},
    }


def _row(uid: UUID, analysis: Analysis, face: Face, timestamp: datetime, source: Source) -> Row:
    return Row(
        uid=uid,
        emotion_id=face.emotion.id,
        confidence=_rounded(face.confidence),
        model_version_tag=analysis.model_version_tag,
        processing_time_ms=_milliseconds(analysis),
        source_ip=source.address,
        user_id=source.user_id,
        timestamp=timestamp,
    )


def _milliseconds(analysis: Analysis) -> int:
    """Whole milliseconds, at least one: the column is an integer and nothing takes no time."""
    return max(1, round(analysis.processing_time_ms))


def _rounded(score: float) -> float:
    return round(float(score), 4)
