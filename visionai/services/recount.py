"""The figures counted again from the log, as far back as it holds, while predictions go on being recorded."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, func, select

from ..extensions import db
from ..models import LogState, PredictionDaily, PredictionHourly, PredictionLog, PredictionTotal, UtcDateTime
from . import figures
from .figures import DAY, HOUR, day_of
from .transactions import own_figures, reading, writing


@dataclass(frozen=True, slots=True)
class Difference:
    """Figures that are not what they are the sum of; `period` is where their hour or day begins, None of all time."""

    table: str
    period: datetime | None
    user_id: int
    emotion_id: int
    counted: int
    kept: int


def rebuild() -> int:
    """Count the figures again from the prune mark on and return how many hours that were.

    Each day is a transaction of its own, during which the recorder waits; what is recorded between two of them is
    counted by the recorder itself.
    """
    hours = 0
    with reading() as session:
        days = list(_days(session.connection()))
    for day in days:
        with writing() as session:
            connection = session.connection()
            own_figures(connection)
            for hour in _hours_held(connection, day):
                figures.recount_hour(connection, hour)
                hours += 1
            figures.sum_day(connection, day)
    with writing() as session:
        own_figures(session.connection())
        figures.sum_totals(session.connection())
    return hours


def check() -> list[Difference]:
    """Compare the figures with what the log holds and with one another, at one instant."""
    options = {"isolation_level": "REPEATABLE READ"} if db.engine.dialect.name == "postgresql" else {}
    with db.engine.connect().execution_options(**options) as connection, connection.begin():
        return list(_differences(connection))


def pruned_before(connection: Connection) -> datetime | None:
    """Return the instant before which the log holds nothing any more, None where it holds everything."""
    return connection.scalar(select(LogState.pruned_before))


def _days(connection: Connection) -> Iterator[datetime]:
    """Yield the days from which the log or the figures hold anything, and all between, from the prune mark on."""
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


def _hours_held(connection: Connection, day: datetime) -> list[datetime]:
    """Return the hours of a day from the prune mark on."""
    mark = pruned_before(connection)
    return [hour for hour in (day + n * HOUR for n in range(24)) if mark is None or hour >= mark]


def _differences(connection: Connection) -> Iterator[Difference]:
    for day in _days(connection):
        for hour in _hours_held(connection, day):
            everybody, users = figures.counted_hour(hour)
            counted = _read(connection, everybody) | _read(connection, users)
            kept = _read(connection, _columns(PredictionHourly).where(PredictionHourly.hour == hour))
            yield from _compare(PredictionHourly, hour, counted, kept)
        counted = _read(connection, figures.summed_day(day))
        kept = _read(connection, _columns(PredictionDaily).where(PredictionDaily.day == day))
        yield from _compare(PredictionDaily, day, counted, kept)
    counted, kept = _read(connection, figures.summed_totals()), _read(connection, _columns(PredictionTotal))
    yield from _compare(PredictionTotal, None, counted, kept)


_Counts = dict[tuple[int, int], tuple[int, float, datetime]]


def _columns(table: Any) -> Any:
    return select(table.user_id, table.emotion_id, table.count, table.confidence_sum, table.last_timestamp)


def _read(connection: Connection, query: Any) -> _Counts:
    """Return the rows of a query by user and emotion."""
    return {(user_id, emotion_id): tuple(rest) for user_id, emotion_id, *rest in connection.execute(query)}


def _compare(table: Any, period: datetime | None, counted: _Counts, kept: _Counts) -> Iterator[Difference]:
    nothing = (0, 0.0, None)
    for key in sorted(counted.keys() | kept.keys()):
        is_so, is_kept = counted.get(key, nothing), kept.get(key, nothing)
        same_sum = math.isclose(is_so[1], is_kept[1], rel_tol=1e-9, abs_tol=1e-6)
        if is_so[0] != is_kept[0] or is_so[2] != is_kept[2] or not same_sum:
            yield Difference(table.__tablename__, period, *key, counted=is_so[0], kept=is_kept[0])
