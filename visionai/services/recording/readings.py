"""Readings, the unit of record of a stream: rows of faces downsampled to one a person and second, by their means."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Protocol

from uuid_utils.compat import uuid7

from ... import concurrency
from ...contract.predictions import rounded
from ...vision.emotions import EMOTIONS
from ...vision.results import UNCERTAIN_BELOW
from .row import Row

MAX_OPEN = 128
"""Readings that one client may have open at once: people in its picture within a second."""

LATE_SECONDS = 1.0
"""How long after its end a reading is written where no later frame comes to end it."""


class Recorder(Protocol):
    """What takes the rows."""

    @property
    def has_room(self) -> bool:
        """Whether a row would be taken now."""

    def offer(self, row: Row, *, promised: bool = False) -> bool:
        """Queue a row without waiting; one that was promised is taken even where there is no room."""


class Readings:
    """The readings of one client that are open: one for each person of the present interval.

    `interval_ms` is how long a reading is; 0 makes each face of each frame a row of its own.
    """

    def __init__(self, recorder: Recorder, interval_ms: int) -> None:
        self._recorder = recorder
        self._interval_ms = interval_ms
        self._open: dict[tuple[int | None, int | None, int, str], _Reading] = {}
        self._number: int | None = None
        self._due = 0.0
        self._guard = concurrency.Guard()

    def add(self, faces: Sequence[tuple[int, Row]], clock_ms: int, now: float) -> bool:
        """Count the faces of a frame into the readings of its second; False where not all of them could be.

        `faces` are rows as a single frame would leave them, each with the number of its track; `clock_ms` says which
        second it is, `now` is seconds of the monotonic clock.
        """
        if not self._recorder.has_room:
            return False
        if not self._interval_ms:
            offered = [self._recorder.offer(row) for _, row in faces]
            return all(offered)
        number = clock_ms // self._interval_ms
        with self._guard:
            ended = self._take() if number != self._number else []
            self._number = number
            self._due = now + self._interval_ms / 1000 + LATE_SECONDS
            counted = [self._count(track, row) for track, row in faces]
        self._write(ended)
        return all(counted)

    def flush(self) -> None:
        """Write what is open, as it stands."""
        with self._guard:
            ended = self._take()
        self._write(ended)

    def flush_if_due(self, now: float) -> None:
        """Write what has waited long enough for a later frame to end it."""
        if self._open and now >= self._due:
            self.flush()

    def _take(self) -> list[_Reading]:
        ended = list(self._open.values())
        self._open.clear()
        return ended

    def _write(self, ended: list[_Reading]) -> None:
        for reading in ended:
            self._recorder.offer(reading.row(self._interval_ms), promised=True)

    def _count(self, track: int, row: Row) -> bool:
        key = row.session_id, row.user_id, track, row.model_version_tag
        reading = self._open.get(key)
        if reading is not None:
            reading.add(row)
        elif len(self._open) < MAX_OPEN:
            self._open[key] = _Reading(row)
        else:
            return False
        return True


class _Reading:
    """The sums over the frames of one person and second."""

    __slots__ = ("_first", "_frames", "_milliseconds", "_sums")

    def __init__(self, first: Row) -> None:
        self._first = first
        self._sums = _scores(first)
        self._milliseconds = first.processing_time_ms
        self._frames = 1

    def add(self, row: Row) -> None:
        """Count another frame in."""
        self._sums = tuple([one + other for one, other in zip(self._sums, _scores(row), strict=True)])
        self._milliseconds += row.processing_time_ms
        self._frames += 1

    def row(self, interval_ms: int) -> Row:
        """Return the row of means; its time is that of the first frame, its offset the start of its interval."""
        first, frames = self._first, self._frames
        scores = means(self._sums, frames)
        offset = first.offset_ms
        return replace(
            first,
            uid=uuid7(),
            emotion_id=EMOTIONS[best(scores)].id,
            confidence=max(scores),
            processing_time_ms=round(self._milliseconds / frames),
            scores=scores,
            uncertain=max(scores) < UNCERTAIN_BELOW,
            frames=frames,
            offset_ms=None if offset is None else offset // interval_ms * interval_ms,
        )


def means(sums: Iterable[float], count: int) -> tuple[float, ...]:
    """Return mean scores, to the digits that answers and rows have."""
    return tuple(rounded(total / count) for total in sums)


def best(scores: Sequence[float]) -> int:
    """Return the index of the best score; ties go to the lower."""
    return scores.index(max(scores))


def _scores(row: Row) -> tuple[float, ...]:
    assert row.scores is not None, "Rows of frames have scores."
    return row.scores
