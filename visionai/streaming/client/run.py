"""A recorded session as the connection holds it that records into it: its clock, and the numbers of its people."""

from __future__ import annotations

import time
from collections.abc import Iterable
from dataclasses import dataclass, field
from uuid import UUID, uuid4

from ...database.types import utc_now
from ...services.sessions.holding import Held, Progress

MOST_PEOPLE = 10_000
"""The most persons of a session; who is seen beyond is recorded in none."""

MOST_TRACKS = 1024
"""How many tracks are remembered, the ones seen last: no picture has so many faces."""


@dataclass(slots=True, eq=False)
class Run:
    """What a connection knows of the session that its frames belong to.

    `holder` is the connection's name, by which the session knows whose it is. `started` is when the session began, in
    seconds of this process's monotonic clock; `latest_ms` is the offset of the last frame. `last_person` is the highest
    number that was given in it: who is followed from now on is a person more.
    """

    session_id: int
    uid: UUID
    user_id: int | None
    holder: UUID
    started: float
    is_video: bool = False
    last_person: int = 0
    latest_ms: int = 0
    _people: dict[int, int] = field(default_factory=dict)

    @staticmethod
    def new_holder() -> UUID:
        """Return a name for a connection that is about to hold a session."""
        return uuid4()

    @classmethod
    def of(cls, held: Held, holder: UUID, progress: Progress) -> Run:
        """Return the run of a session as `holder` goes on with it; its clock is never behind what is recorded."""
        age = max((utc_now() - held.started_at).total_seconds(), progress.last_offset_ms / 1000, 0.0)
        return cls(
            held.session_id,
            held.uid,
            held.user_id,
            holder,
            time.monotonic() - age,
            held.source == "video",
            progress.last_person,
        )

    def offset_ms(self, now: float) -> int:
        """Return the milliseconds from the session's start to `now`, in seconds of the monotonic clock."""
        return max(0, int((now - self.started) * 1000))

    def place(self, now: float, offset_ms: int | None) -> int:
        """Return the offset of a frame that came at `now`, its own where it has one, and remember it."""
        self.latest_ms = self.offset_ms(now) if offset_ms is None else offset_ms
        return self.latest_ms

    def present_ms(self, now: float) -> int:
        """Return the present moment: of a video that of its last frame, else `now`."""
        return self.latest_ms if self.is_video else self.offset_ms(now)

    def people(self, tracks: Iterable[int]) -> list[int | None]:
        """Return the persons of tracks; a track that is new is a new person, None once there were MOST_PEOPLE."""
        return [self._person(track) for track in tracks]

    def forget_tracks(self) -> None:
        """Take every track from now on for a new person: another tracker counts from one again."""
        self._people.clear()

    def _person(self, track: int) -> int | None:
        person = self._people.pop(track, None)
        if person is None:
            if self.last_person >= MOST_PEOPLE:
                return None
            self.last_person += 1
            person = self.last_person
        self._people[track] = person
        if len(self._people) > MOST_TRACKS:
            del self._people[next(iter(self._people))]
        return person
