"""Counters beside the log: by the hour, by the day of UTC, and of all time.

The hours are the truth; days and totals are sums of them. Whoever adds, adds to all three in one transaction and in the
order of their keys, so that two processes that add at once wait for each other and never in a circle.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Any

from sqlalchemy import (
    Connection,
    Insert,
    Integer,
    Table,
    bindparam,
    case,
    delete,
    func,
    insert,
    literal,
    select,
    update,
)

from ...database.bulk import bulk_insert, bulk_values
from ...database.types import UtcDateTime
from ...models import EVERYBODY, Counters, PredictionDaily, PredictionHourly, PredictionLog, PredictionTotal

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
_COLUMNS = ("user_id", "emotion_id", "count", "confidence_sum", "last_timestamp")
ALL_TIME = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True, order=True)
class Key:
    """Whose counters, of the hour (or the day, or all time) that begins at `hour`, of which emotion.

    The order is that of the primary key.
    """

    hour: datetime
    emotion_id: int
    user_id: int


@dataclass(slots=True)
class Tally:
    """How many, the sum of their confidences, and the last of them."""

    count: int
    confidence_sum: float
    last_timestamp: datetime

    def add(self, other: Tally) -> None:
        """Count `other` in."""
        self.count += other.count
        self.confidence_sum += other.confidence_sum
        self.last_timestamp = max(self.last_timestamp, other.last_timestamp)


Tallies = Mapping[Any, Tally]


def hour_of(moment: datetime) -> datetime:
    """Return the start of the hour in which `moment` lies; `moment` is in UTC."""
    return moment.replace(minute=0, second=0, microsecond=0)


def day_of(moment: datetime) -> datetime:
    """Return the start of the day of UTC in which `moment` lies; `moment` is in UTC."""
    return moment.replace(hour=0, minute=0, second=0, microsecond=0)


def add(connection: Connection, hourly: Mapping[Key, Tally]) -> None:
    """Add to the counters of the hours, and with them to those of days and all time."""
    daily: dict[Key, Tally] = {}
    totals: dict[Key, Tally] = {}
    for key, counted in hourly.items():
        count(daily, Key(day_of(key.hour), key.emotion_id, key.user_id), counted)
        count(totals, Key(ALL_TIME, key.emotion_id, key.user_id), counted)
    _upsert(connection, PredictionHourly, "hour", [_values(key, hourly[key]) for key in sorted(hourly)])
    _upsert(connection, PredictionDaily, "day", [_values(key, daily[key]) for key in sorted(daily)])
    _upsert(connection, PredictionTotal, None, [_values(key, totals[key]) for key in sorted(totals)])


def subtract(connection: Connection, hourly: Mapping[Key, Tally]) -> None:
    """Take rows that were deleted from the log out of the counters, which the caller must own.

    Where one of them was the last of its hour, the last is now the last in the log; if that was pruned, nobody knows
    more than the hour.
    """
    shares = [
        {
            "of_hour": key.hour,
            "until": key.hour + HOUR,
            "of_emotion": key.emotion_id,
            "of_user": key.user_id,
            "less": hourly[key].count,
            "less_confidence": hourly[key].confidence_sum,
            "their_last": hourly[key].last_timestamp,
        }
        for key in sorted(hourly)
    ]
    if not shares:
        return
    users, hours = {key.user_id for key in hourly}, [key.hour for key in hourly]
    table = PredictionHourly
    connection.execute(_less(), shares)
    connection.execute(
        delete(table).where(table.user_id.in_(users), table.hour.between(min(hours), max(hours)), table.count <= 0)
    )
    connection.execute(_last_of(log_of=None), [share for share in shares if share["of_user"] == EVERYBODY])
    if theirs := [share for share in shares if share["of_user"] != EVERYBODY]:
        connection.execute(_last_of(log_of=bindparam("of_user", type_=Integer)), theirs)
    for day, user_id in sorted({(day_of(key.hour), key.user_id) for key in hourly}):
        sum_day(connection, day, user_id)
    for user_id in sorted(users):
        sum_totals(connection, user_id)


def _share() -> tuple[Any, ...]:
    """Return the condition on the counters that a share is taken from."""
    table = PredictionHourly
    return (
        table.hour == bindparam("of_hour", type_=UtcDateTime),
        table.emotion_id == bindparam("of_emotion", type_=Integer),
        table.user_id == bindparam("of_user", type_=Integer),
    )


def _less() -> Any:
    """Return the statement that takes a share out of an hour."""
    table = PredictionHourly
    values = {
        table.count: table.count - bindparam("less"),
        table.confidence_sum: table.confidence_sum - bindparam("less_confidence"),
    }
    return update(table).where(*_share()).values(values).execution_options(synchronize_session=False)


def _last_of(log_of: Any) -> Any:
    """Return the statement that finds the last of an hour again; `log_of` is the user whose rows count, None all."""
    table, log = PredictionHourly, PredictionLog
    hour, emotion = bindparam("of_hour", type_=UtcDateTime), bindparam("of_emotion", type_=Integer)
    left = [log.emotion_id == emotion, log.timestamp >= hour, log.timestamp < bindparam("until", type_=UtcDateTime)]
    if log_of is not None:
        left.append(log.user_id == log_of)
    last = select(func.max(log.timestamp)).where(*left).scalar_subquery()
    return (
        update(table)
        .where(*_share(), table.last_timestamp <= bindparam("their_last", type_=UtcDateTime))
        .values({table.last_timestamp: func.coalesce(last, hour)})
        .execution_options(synchronize_session=False)
    )


def rebuild_hours(connection: Connection, since: datetime, until: datetime) -> None:
    """Make the counters of the hours from `since` to before `until` what the log holds of them."""
    within = (PredictionHourly.hour >= since, PredictionHourly.hour < until)
    connection.execute(delete(PredictionHourly).where(*within))
    for counted in counted_hours(since, until):
        connection.execute(insert(PredictionHourly).from_select((*_COLUMNS, "hour"), counted))


def counted_hours(since: datetime, until: datetime) -> tuple[Any, Any]:
    """Return two queries for what the log holds of some hours, by emotion: of everybody, and by user."""
    log = PredictionLog
    hour = func.date_trunc("hour", log.timestamp, "UTC", type_=UtcDateTime)
    sums = (func.count(), func.sum(log.confidence), func.max(log.timestamp, type_=UtcDateTime))
    within = (log.timestamp >= since, log.timestamp < until)
    everybody = select(literal(EVERYBODY), log.emotion_id, *sums, hour).where(*within)
    users = select(log.user_id, log.emotion_id, *sums, hour).where(*within, log.user_id.is_not(None))
    return everybody.group_by(hour, log.emotion_id), users.group_by(hour, log.emotion_id, log.user_id)


def sum_day(connection: Connection, day: datetime, *only: Any) -> None:
    """Make the counters of a day of UTC the sum of its hours; `only` narrows it to a `user_id`."""
    users = [PredictionDaily.user_id == user_id for user_id in only]
    connection.execute(delete(PredictionDaily).where(PredictionDaily.day == day, *users))
    rows = summed_day(day).add_columns(literal(day, UtcDateTime))
    rows = rows.where(*(PredictionHourly.user_id == user_id for user_id in only))
    connection.execute(insert(PredictionDaily).from_select((*_COLUMNS, "day"), rows))


def summed_day(day: datetime) -> Any:
    """Return a query for the sums of the hours of a day of UTC, by user and emotion."""
    return _sums(PredictionHourly).where(PredictionHourly.hour >= day, PredictionHourly.hour < day + DAY)


def sum_totals(connection: Connection, *only: Any) -> None:
    """Make the counters of all time the sum of the days; `only` narrows it to a `user_id`."""
    connection.execute(delete(PredictionTotal).where(*(PredictionTotal.user_id == user_id for user_id in only)))
    rows = summed_totals().where(*(PredictionDaily.user_id == user_id for user_id in only))
    connection.execute(insert(PredictionTotal).from_select(_COLUMNS, rows))


def summed_totals() -> Any:
    """Return a query for the sums of all days, by user and emotion."""
    return _sums(PredictionDaily)


def _sums(table: Any) -> Any:
    sums = (func.sum(table.count), func.sum(table.confidence_sum), func.max(table.last_timestamp, type_=UtcDateTime))
    return select(table.user_id, table.emotion_id, *sums).group_by(table.user_id, table.emotion_id)


def count(tallies: dict[Any, Tally], key: Any, counted: Tally) -> None:
    """Add to the tally of `key`, or begin it."""
    if key in tallies:
        tallies[key].add(counted)
    else:
        tallies[key] = Tally(counted.count, counted.confidence_sum, counted.last_timestamp)


def _values(key: Key, counted: Tally) -> tuple[Any, ...]:
    return key.user_id, key.emotion_id, counted.count, counted.confidence_sum, counted.last_timestamp, key.hour


def _upsert(connection: Connection, table: type[Counters], period: str | None, values: list[tuple[Any, ...]]) -> None:
    """Add to rows or make them; the last of each value is the period, for the table of all time it is left out."""
    if not values:
        return
    columns = (*_COLUMNS, period) if period else _COLUMNS
    dialect = connection.dialect.name
    statement = _upsert_statement(dialect, table.__table__, columns)  # type: ignore[attr-defined]
    connection.execute(statement, bulk_values(dialect, columns, [value[: len(columns)] for value in values]))


@lru_cache
def _upsert_statement(dialect: str, table: Table, columns: tuple[str, ...]) -> Insert:
    """Return the statement that adds to a row or makes it."""
    statement = bulk_insert(dialect, table, columns)
    there, new = table.c, statement.excluded
    later = case((new.last_timestamp > there.last_timestamp, new.last_timestamp), else_=there.last_timestamp)
    return statement.on_conflict_do_update(
        index_elements=list(table.primary_key),
        set_={
            "count": there["count"] + new["count"],
            "confidence_sum": there.confidence_sum + new.confidence_sum,
            "last_timestamp": later,
        },
    )
