"""Recorded sessions with readings, written as the recorder does."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from uuid import uuid4

from sqlalchemy import select

from visionai.database.sessions import writing
from visionai.models import ModelVersion, PredictionLog, RecordedSession, SessionPerson
from visionai.services.statistics import counters
from visionai.services.weights import versions
from visionai.vision.emotions import EMOTIONS, Emotion


@dataclass(frozen=True)
class Reading:
    """One person, one second (or one frame): `share` is the score of `emotion`, the others have the rest alike."""

    offset_ms: int = 0
    person: int = 1
    emotion: str = "happy"
    share: float = 0.82
    frames: int = 5

    @property
    def scores(self) -> list[float]:
        others = (1 - self.share) / (len(EMOTIONS) - 1)
        return [self.share if emotion == self.emotion else others for emotion in EMOTIONS]


def record(session: RecordedSession, readings: Iterable[Reading], version: str = "v1.0.0") -> None:
    """Write readings into the log, the counters, and the session's own, in one transaction."""
    rows = list(readings)
    with writing() as changes:
        connection = changes.connection()
        versions.ensure(connection, version)
        model_id = changes.scalar(select(ModelVersion.model_id).where(ModelVersion.model_version_tag == version))
        changes.add_all(_row(session, reading, model_id) for reading in rows)
        tallies: dict[counters.Key, counters.Tally] = {}
        for reading in rows:
            moment = session.started_at + timedelta(milliseconds=reading.offset_ms)
            one = counters.Tally(1, max(reading.scores), moment)
            for user_id in {0, session.user_id or 0}:
                hour = counters.hour_of(moment)
                counters.count(tallies, counters.Key(hour, Emotion(reading.emotion).id, user_id), one)
        counters.add(connection, tallies)
        kept = changes.get_one(RecordedSession, session.session_id)
        for person in sorted({reading.person for reading in rows}):
            _count_person(changes, kept, person, [reading for reading in rows if reading.person == person])
        kept.frames += sum(reading.frames for reading in rows)


def _count_person(changes: object, kept: RecordedSession, person: int, readings: Sequence[Reading]) -> None:
    offsets = [reading.offset_ms for reading in readings]
    seconds = len({offset // 1000 for offset in offsets})
    known = changes.get(SessionPerson, (kept.session_id, person))  # type: ignore[attr-defined]
    if known is None:
        kept.people += 1
        known = SessionPerson(
            session_id=kept.session_id, person=person, first_offset_ms=min(offsets), last_offset_ms=0, seconds=0
        )
        changes.add(known)  # type: ignore[attr-defined]
    known.last_offset_ms = max(known.last_offset_ms, *offsets)
    known.seconds += seconds
    kept.seconds += seconds


def _row(session: RecordedSession, reading: Reading, model_id: int | None) -> PredictionLog:
    return PredictionLog(
        uid=uuid4(),
        emotion_id=Emotion(reading.emotion).id,
        confidence=max(reading.scores),
        model_id=model_id,
        processing_time_ms=7,
        source_ip="203.0.113.0",
        user_id=session.user_id,
        timestamp=session.started_at + timedelta(milliseconds=reading.offset_ms),
        session_id=session.session_id,
        person=reading.person,
        frames=reading.frames,
        scores=reading.scores,
        uncertain=max(reading.scores) < 0.5,
        offset_ms=reading.offset_ms,
    )
