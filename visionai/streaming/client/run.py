"""A recorded session as the connection holds it that records into it: its clock, and the numbers of its people."""

from __future__ import annotations

import time
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID, uuid4


@dataclass(slots=True, eq=False)
class Run:
    """What a connection knows of the session that its frames belong to.

    `started` is when it began, in seconds of this process's monotonic clock. `last_person` is the highest number that
    was given in it: who is followed from now on is a person more.
    """

    session_id: int
    uid: UUID
    user_id: int | None
    started_at: datetime
    started: float
    last_person: int = 0
    holder: UUID = field(default_factory=uuid4)
    _people: dict[int, int] = field(default_factory=dict)

    @classmethod
    def of(cls, session_id: int, uid: UUID, user_id: int | None, started_at: datetime, last_person: int) -> Run:
        """Return the run of a session that began at `started_at`, however long ago."""
        age = max(0.0, (datetime.now(started_at.tzinfo) - started_at).total_seconds())
        return cls(session_id, uid, user_id, started_at, time.monotonic() - age, last_person)

    def offset_ms(self, now: float) -> int:
        """Return the milliseconds from the session's start to `now`, in seconds of the monotonic clock."""
        return max(0, int((now - self.started) * 1000))

    def people(self, tracks: Iterable[int]) -> list[int]:
        """Return the persons of tracks; a track that is new is a new person."""
        return [self._person(track) for track in tracks]

    def forget_tracks(self) -> None:
        """Take every track from now on for a new person: another tracker counts from one again."""
        self._people.clear()

    def _person(self, track: int) -> int:
        person = self._people.get(track)
        if person is None:
            self.last_person += 1
            person = self._people[track] = self.last_person
        return person
