"""Readings of recorded sessions, for tests that care about one or two of their fields."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta

from tests.support.rows import a_row
from visionai.extensions import db
from visionai.models import RecordedSession
from visionai.services.recording.ledger import Ledger
from visionai.vision.emotions import EMOTIONS

MONTH_MS = 31 * 24 * 3_600_000
"""The latest that a reading is made: an offset beyond is what a client said."""


@dataclass(frozen=True)
class Reading:
    """One person, one second (or one frame): `share` is the score of `emotion`, the others have the rest alike."""

    offset_ms: int = 0
    person: int = 1
    emotion: str = "happy"
    share: float = 0.82
    frames: int = 5

    @property
    def scores(self) -> tuple[float, ...]:
        others = (1 - self.share) / (len(EMOTIONS) - 1)
        return tuple(self.share if emotion == self.emotion else others for emotion in EMOTIONS)


def record(session: RecordedSession, readings: Iterable[Reading], version: str = "v1.0.0", scores: bool = True) -> None:
    """Commit readings of a session, each at the instant of its offset; without `scores`, as rows had none once."""
    rows = [
        a_row(
            reading.emotion,
            confidence=max(reading.scores),
            model_version_tag=version,
            user_id=session.user_id,
            timestamp=session.started_at + timedelta(milliseconds=min(reading.offset_ms, MONTH_MS)),
            session_id=session.session_id,
            person=reading.person,
            frames=reading.frames,
            scores=reading.scores if scores else None,
            uncertain=max(reading.scores) < 0.5,
            offset_ms=reading.offset_ms,
        )
        for reading in readings
    ]
    assert len(Ledger(db.engine).record(rows)) == len(rows)
