"""The one use case behind every transport: read an image, log what was seen, say it.

REST calls `analyse` and waits for its row; a stream hands frames to `inference.submit` and calls `conclude` with what
comes back, which counts the faces into the readings of their second and never waits.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

from uuid_utils.compat import uuid7

from ..contract.predictions import Prediction, rounded, whole_milliseconds
from ..errors import NoFace
from ..extensions import inference
from ..signals import faces_unrecorded
from ..vision.priors import Prior
from ..vision.results import Analysis, Face
from .accounts.identity import Identity
from .recording.readings import Readings
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


@dataclass(frozen=True, slots=True)
class Place:
    """Where in a recorded session a face was seen: the session, its person, milliseconds since it began."""

    session_id: int | None = None
    person: int | None = None
    offset_ms: int | None = None


NOWHERE = Place()
"""The place of what was seen in no session."""


def analyse(
    data: bytes,
    source: Source,
    *,
    detect: bool = True,
    record: bool = True,
    prior: Prior | None = None,
    uid: UUID | None = None,
    place: Place | None = None,
) -> Prediction:
    """Read an image and wait until its row is durable; without a `prior` the setting's for images holds.

    `place` is where in a recorded session the row belongs.

    Raises an ImageError for what cannot be read (NoFace where there is none), Busy, WeightsError, and
    DatabaseUnavailable where the row could neither be committed nor kept on disk.
    """
    uid = uid or uuid7()
    analysis = inference.analyze(data, detect=detect, prior=prior)
    if analysis.largest is None:
        raise NoFace
    timestamp = datetime.now(UTC)
    if not record:
        return Prediction(uid, analysis, timestamp, source.username, None, recorded=False)
    row_id = recorder.write(_row(uid, analysis, analysis.largest, timestamp, source, place or NOWHERE))
    return Prediction(uid, analysis, timestamp, source.username, row_id, recorded=True)


@dataclass(frozen=True, slots=True)
class Sighting:
    """When and as whom a stream saw the faces of a frame.

    `tracks` are the numbers that its tracker gave them, in their order. `clock_ms` says in which second they go: since
    the session began, where there is one, else by any steady clock. `people` are the numbers of the session's persons;
    who has none is recorded outside of it.
    `now` is seconds of the monotonic clock.
    """

    tracks: Sequence[int]
    clock_ms: int
    now: float
    session_id: int | None = None
    people: Sequence[int | None] = ()


def conclude(
    analysis: Analysis, source: Source, uid: UUID, readings: Readings, sighting: Sighting | None
) -> Prediction:
    """Count the faces of an analysed frame into `readings`, without waiting; none of them without a `sighting`."""
    timestamp = datetime.now(UTC)
    recorded = False
    if sighting is not None and analysis.faces:
        rows = _rows(uid, analysis, timestamp, source, sighting)
        recorded = readings.add(rows, sighting.clock_ms, sighting.now)
        if not recorded:
            faces_unrecorded.send(None)
    return Prediction(uid, analysis, timestamp, source.username, None, recorded)


def _rows(
    uid: UUID, analysis: Analysis, timestamp: datetime, source: Source, sighting: Sighting
) -> list[tuple[int, Row]]:
    """Return the row of each face, with the number of its track; the largest one's has the uid of the frame."""
    rows = []
    for index, (track, face) in enumerate(zip(sighting.tracks, analysis.faces, strict=True)):
        place = _place_of(sighting, index)
        rows.append((track, _row(uid if index == 0 else uuid7(), analysis, face, timestamp, source, place)))
    return rows


def _place_of(sighting: Sighting, index: int) -> Place:
    if sighting.session_id is None or sighting.people[index] is None:
        return NOWHERE
    return Place(sighting.session_id, sighting.people[index], sighting.clock_ms)


def _row(uid: UUID, analysis: Analysis, face: Face, timestamp: datetime, source: Source, place: Place) -> Row:
    return Row(
        uid=uid,
        emotion_id=face.emotion.id,
        confidence=rounded(face.confidence),
        model_version_tag=analysis.model_version_tag,
        processing_time_ms=whole_milliseconds(analysis),
        source_ip=source.address,
        user_id=source.user_id,
        timestamp=timestamp,
        scores=tuple(map(rounded, face.scores)),
        uncertain=face.uncertain,
        frames=1,
        session_id=place.session_id,
        person=place.person,
        offset_ms=place.offset_ms,
    )
