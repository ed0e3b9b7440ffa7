"""Rebuild the counters from the log, as far back as it holds, or compare them, while rows go on being recorded."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, func, literal, select

from ...database.sessions import own_counters, reading, unhurried, writing
from ...database.types import UtcDateTime
from ...extensions import db
from ...models import LogState, PredictionDaily, PredictionHourly, PredictionLog, PredictionTotal
from . import counters
from .counters import DAY, day_of


@dataclass(frozen=True, slots=True)
class Difference:
    """Counters that are not what they are the sum of; `period` is where their hour or day begins, None of all time."""

    table: str
    period: datetime | None
    user_id: int
    emotion_id: int
    counted: int
    kept: int


def rebuild() -> int:
    """Count the counters again from the prune mark on and return how many days that were.

    Each day is a transaction of its own, during which the recorder waits; what is recorded between two of them is
    counted by the recorder itself.
    """
    with reading() as session:
        unhurried(session.connection(), wait_for_locks=True)
        days = list(_days(session.connection()))
    for day in days:
        with writing() as session:
            connection = session.connection()
            unhurried(connection, wait_for_locks=True)
            own_counters(connection)
            counters.rebuild_hours(connection, _held_since(connection, day), day + DAY)
            counters.sum_day(connection, day)
    with writing() as session:
        unhurried(session.connection(), wait_for_locks=True)
        own_counters(session.connection())
        counters.sum_totals(session.connection())
    return len(days)


def check() -> list[Difference]:
    """Compare the counters with what the log holds and with one another, at one instant."""
    options = {"isolation_level": "REPEATABLE READ"} if db.engine.dialect.name == "postgresql" else {}
    with db.engine.connect().execution_options(**options) as connection, connection.begin():
        unhurried(connection, wait_for_locks=True)
        return list(_differences(connection))


def pruned_before(connection: Connection) -> datetime | None:
    """Return the instant before which the log holds nothing any more, None where it holds everything."""
    return connection.scalar(select(LogState.pruned_before))


def _days(connection: Connection) -> Iterator[datetime]:
    """Yield the days from which the log or the counters hold anything, and all between, from the prune mark on."""
    ends = [
        connection.execute(select(func.min(column, type_=UtcDateTime), func.max(column, type_=UtcDateTime))).one()
        for column in (PredictionLog.timestamp, PredictionHourly.hour, PredictionDaily.day)
    ]
    firsts, lasts = [first for first, _ in ends if first], [last for _, last in ends if last]
    if not firsts:
        return
    mark = pruned_before(connection)
    day = day_of(max(min(firsts), mark) if mark else min(firsts))
    while day <= max(lasts):
        yield day
        day += DAY


def _held_since(connection: Connection, day: datetime) -> datetime:
    """Return from when on the log holds a day: its start, or the prune mark if that lies in it."""
    mark = pruned_before(connection)
    return max(day, mark) if mark else day


def _differences(connection: Connection) -> Iterator[Difference]:
    hour, day = PredictionHourly.hour, PredictionDaily.day
    for start in _days(connection):
        since, until = _held_since(connection, start), start + DAY
        counted = counters.counted_hours(since, until)
        kept = _columns(PredictionHourly).add_columns(hour).where(hour >= since, hour < until)
        yield from _compare(PredictionHourly, _read(connection, *counted), _read(connection, kept))
        summed = counters.summed_day(start).add_columns(literal(start, UtcDateTime))
        kept = _columns(PredictionDaily).add_columns(day).where(day == start)
        yield from _compare(PredictionDaily, _read(connection, summed), _read(connection, kept))
    summed, kept = counters.summed_totals(), _columns(PredictionTotal)
    yield from _compare(PredictionTotal, _read(connection, summed), _read(connection, kept))


_Counts = dict[tuple[datetime | None, int, int], tuple[int, float, datetime]]


def _columns(table: Any) -> Any:
    return select(table.user_id, table.emotion_id, table.count, table.confidence_sum, table.last_timestamp)


def _read(connection: Connection, *queries: Any) -> _Counts:
    """Return the rows of queries by period (None of all time), user and emotion."""
    return {
        (period[0] if period else None, user_id, emotion_id): (count, confidences, last)
        for query in queries
        for user_id, emotion_id, count, confidences, last, *period in connection.execute(query)
    }


def _compare(table: Any, counted: _Counts, kept: _Counts) -> Iterator[Difference]:
    nothing = (0, 0.0, None)
    for key in sorted(counted.keys() | kept.keys()):
        is_so, is_kept = counted.get(key, nothing), kept.get(key, nothing)
        same_sum = math.isclose(is_so[1], is_kept[1], rel_tol=1e-9, abs_tol=1e-6)
        if is_so[0] != is_kept[0] or is_so[2] != is_kept[2] or not same_sum:
            yield Difference(table.__tablename__, *key, counted=is_so[0], kept=is_kept[0])
