"""The one use case behind every transport: read an image, log what was seen, say it.

REST calls `analyse` and waits for its row; a stream hands frames to `inference.submit` and calls `conclude` with what
comes back, which never waits.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID, uuid4

from ..contract.predictions import Prediction, rounded, whole_milliseconds
from ..errors import NoFace
from ..extensions import inference
from ..vision.priors import Prior
from ..vision.results import Analysis, Face
from .accounts.identity import Identity
from .recording.recorder import recorder
from .recording.row import Row


@dataclass(frozen=True, slots=True)
class Source:
    """Where an image came from: the signed-in user, if any, and the address as far as it may be kept."""

    user_id: int | None = None
    username: str | None = None
    address: str | None = None

    @classmethod
    def of(cls, identity: Identity | None, address: str | None) -> Source:
        """Return the source of what `identity`, or nobody who signed in, sent from what is kept of an address."""
        return cls(address=address) if identity is None else cls(identity.user_id, identity.username, address)


def analyse(
    data: bytes,
    source: Source,
    *,
    detect: bool = True,
    record: bool = True,
    prior: Prior | None = None,
    uid: UUID | None = None,
) -> Prediction:
    """Read an image and wait until its row is durable; without a `prior` the setting's for images holds.

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


def _row(uid: UUID, analysis: Analysis, face: Face, timestamp: datetime, source: Source) -> Row:
    return Row(
        uid=uid,
        emotion_id=face.emotion.id,
        confidence=rounded(face.confidence),
        model_version_tag=analysis.model_version_tag,
        processing_time_ms=whole_milliseconds(analysis),
        source_ip=source.address,
        user_id=source.user_id,
        timestamp=timestamp,
    )
