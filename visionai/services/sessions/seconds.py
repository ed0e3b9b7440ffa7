"""The readings of a recorded session in SQL: one row a lane and second, in which a second counts once.

A second of a lane may have several rows: one a frame where the operator records each frame, one a person where several
have the same label. Its scores are the mean over its frames, sum(frames * score) / sum(frames), as if the recorder had
made one reading of it. Whatever stands for longer is a mean over such seconds, each of which weighs the same.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import ColumnElement, Double, Select, case, cast, func, literal, select
from sqlalchemy.orm import Session

from ... import concurrency
from ...contract.sessions import Lane
from ...database.functions import score
from ...database.types import utc_now
from ...models import PredictionLog, RecordedSession, SessionPerson
from ...vision.emotions import EMOTIONS
from .lanes import Span, cut, end_of

SECOND_MS = 1000
ROWS_AT_ONCE = 20_000
"""About how many rows one statement reads. SQLite answers in the calling task: more would stop all others."""

SLACK = timedelta(hours=1)
"""How far from a session its rows may be written, by processes whose clocks differ or that lost the database."""

LONGEST = timedelta(days=366)

_SECOND = PredictionLog.offset_ms // literal(SECOND_MS, literal_execute=True)


@dataclass(frozen=True, slots=True)
class Clock:
    """A clock on which seconds are gathered into steps of `step_ms`; its zero is the session's `zero_ms`."""

    step_ms: int = SECOND_MS
    zero_ms: int = 0

    def step_of(self, second: Any) -> Any:
        """Return the number of the step in which a second begins, counted so that none is below 0."""
        return (second * SECOND_MS + (self._ahead - self.zero_ms)) // self.step_ms

    def offset_of(self, step: int) -> int:
        """Return where a step begins on this clock, in milliseconds."""
        return step * self.step_ms - self._ahead

    @property
    def _ahead(self) -> int:
        """Whole steps before the zero: division rounds towards 0 and must not be asked to round below."""
        return -(-self.zero_ms // self.step_ms) * self.step_ms


def rows_of(recorded: RecordedSession, last_offset_ms: int) -> list[ColumnElement[bool]]:
    """Return what the rows of a session fulfil, its period among them, so that other partitions are not looked into.

    `last_offset_ms` is when somebody was seen last: rows that waited for the database may be from after the end that
    a lost session was given.
    """
    log = PredictionLog
    last = recorded.started_at + min(timedelta(milliseconds=min(last_offset_ms, 2**40)), LONGEST)
    until = max(recorded.ended_at or utc_now(), last)
    within = log.timestamp.between(recorded.started_at - SLACK, until + SLACK)
    return [log.session_id == recorded.session_id, within]


def _windows(lanes: Sequence[Lane], clock: Clock, span: Span | None) -> Iterator[list[ColumnElement[bool]]]:
    """Yield conditions that divide the readings of lanes, or those of a stretch, at the steps of a clock."""
    since, until = span or (0, end_of(lanes) + 1)
    parts = -(-sum(cut(lane, (since, until)).seconds for lane in lanes) // ROWS_AT_ONCE)
    if parts <= 1 and span is None:
        yield []
        return
    first = clock.step_of(since // SECOND_MS)
    last = clock.step_of((max(since, min(until - 1, end_of(lanes)))) // SECOND_MS) + 1
    each = -(-(last - first) // max(1, parts))
    for start in range(first, last, each):
        yield _within(*(clock.offset_of(step) + clock.zero_ms for step in (start, min(start + each, last))))
        concurrency.sleep(0)


def _within(since_ms: int, until_ms: int) -> list[ColumnElement[bool]]:
    """Return what the readings of the seconds that begin in a stretch fulfil."""
    since, until = (-(-start // SECOND_MS) * SECOND_MS for start in (since_ms, until_ms))
    return [PredictionLog.offset_ms >= since, PredictionLog.offset_ms < until]


@dataclass(frozen=True, slots=True)
class Part:
    """Some of the readings of lanes, as two queries with the columns `lane`, `second`, `first_model`, `last_model`.

    `rows` reads them as they are, with their `emotion_id`, `uncertain` and `scores`, and is right where each is a
    second of its own, as it nearly always is; it is None where several people are one lane. `means` has seven scores
    by name, is always right, and slower.
    """

    rows: Select[Any] | None
    means: Select[Any]
    within: Sequence[ColumnElement[bool]]

    def has_shared_seconds(self, session: Session) -> bool:
        """Whether somebody has several rows in a second."""
        log = PredictionLog
        shared = select(log.person).where(*self.within).group_by(log.person, _SECOND).having(func.count() > 1).limit(1)
        return session.scalar(shared) is not None


def parts_of(
    recorded: RecordedSession, lanes: Sequence[Lane], every: Sequence[Lane], clock: Clock, span: Span | None = None
) -> Iterator[Part]:
    """Yield parts that together have the seconds of `lanes`, which are out of `every`.

    With a `span` they have those of the steps that it meets. Between two parts other tasks go on.
    """
    log = PredictionLog
    some = [*rows_of(recorded, end_of(every)), log.scores.is_not(None)]
    if len(lanes) < len(every):
        some.append(log.person.in_([person for lane in lanes for person in lane.persons]))
    apart = all(len(lane.persons) == 1 for lane in lanes)
    for window in _windows(lanes, clock, span):
        within = [*some, *window]
        yield Part(_rows(within) if apart else None, _means(recorded, every).where(*within), within)


def _rows(within: Sequence[ColumnElement[bool]]) -> Any:
    log = PredictionLog
    models = (log.model_id.label("first_model"), log.model_id.label("last_model"))
    columns = (log.person.label("lane"), _SECOND.label("second"), *models, log.emotion_id, log.uncertain, log.scores)
    return select(*columns).where(*within)


def _means(recorded: RecordedSession, every: Sequence[Lane]) -> Select[Any]:
    log = PredictionLog
    lane, merged = _lane_of(recorded, every)
    frames = func.coalesce(log.frames, 1)
    models = (func.min(log.model_id).label("first_model"), func.max(log.model_id).label("last_model"))
    means = [
        (func.sum(frames * score(log.scores, emotion.class_index)) / cast(func.sum(frames), Double)).label(
            emotion.value
        )
        for emotion in EMOTIONS
    ]
    query = select(lane.label("lane"), _SECOND.label("second"), *models, *means)
    if merged is not None:
        query = query.join(merged, merged.c.person == log.person)
    return query.group_by(lane, _SECOND)


def _lane_of(recorded: RecordedSession, lanes: Sequence[Lane]) -> tuple[Any, Any]:
    """Return the expression for the lane of a row, and the lanes to join where several people are one."""
    if all(len(lane.persons) == 1 for lane in lanes):
        return PredictionLog.person, None
    person, label = SessionPerson.person, SessionPerson.label
    lane = case((label.is_(None), person), else_=func.min(person).over(partition_by=label)).label("lane")
    merged = select(person, lane).where(SessionPerson.session_id == recorded.session_id).cte("merged")
    return merged.c.lane, merged
