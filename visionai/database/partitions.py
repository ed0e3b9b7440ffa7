"""Partitions of the log on PostgreSQL, by time: made ahead of it, dropped where all of it is too old.

Nothing here waits long for a lock: whoever wants a table that is in use makes everybody wait who comes after. What did
not come at once is tried again. On SQLite, which has no partitions, nothing is done.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import partial
from typing import Any

from sqlalchemy import Connection, String, func, select, text
from sqlalchemy.exc import DBAPIError

from .. import concurrency
from ..extensions import db
from .availability import cause_of
from .sessions import PARTITIONS_LOCK, alone, unhurried
from .types import UtcDateTime, utc_now

logger = logging.getLogger(__name__)

PARTITIONED = "predictions_log"
OTHER = f"{PARTITIONED}_other"
"""The partition of what no other takes: rows of a clock that jumped, or older than all that was kept."""

AHEAD = 2
"""How many periods after the current one have their partitions."""

LOCK_PATIENCE_MS = 300
"""How long a table is waited for; recorders that come later wait behind it."""

PATIENCE_MS = 2000
"""How long a statement may take that holds `OTHER`: enough to move some hundred thousand rows out of it."""

TRIES = 5
PAUSE_SECONDS = 0.5

_LOCK_NOT_AVAILABLE = "55P03"
_SQLITE_ALONE = "ix_predictions_log_time"

_BOUNDED = text(
    r"""
    SELECT name, since, until FROM (
        SELECT
            part.oid::regclass::text AS name,
            substring(pg_get_expr(part.relpartbound, part.oid) FROM 'FROM \(''([^'']+)''\)')::timestamptz AS since,
            substring(pg_get_expr(part.relpartbound, part.oid) FROM 'TO \(''([^'']+)''\)')::timestamptz AS until
        FROM pg_inherits JOIN pg_class AS part ON part.oid = pg_inherits.inhrelid
        WHERE pg_inherits.inhparent = 'predictions_log'::regclass
    ) AS parts WHERE until IS NOT NULL ORDER BY until
    """
).columns(name=String, since=UtcDateTime, until=UtcDateTime)
"""The partitions but for `OTHER`; the first begins at no time, which is null."""

_MAY_CHANGE = text(
    """
    SELECT pg_has_role(relowner, 'USAGE') AND has_schema_privilege(relnamespace, 'CREATE')
    FROM pg_class WHERE oid = 'predictions_log'::regclass
    """
)


@dataclass(frozen=True, slots=True)
class Partition:
    """A table that holds the rows from `since` (None: from ever) to before `until`; `name` as SQL writes it."""

    name: str
    since: datetime | None
    until: datetime


def is_ours_to_migrate(_item: Any, name: str | None, kind: str, _reflected: bool, _compared: Any) -> bool:
    """Tell Alembic what to compare with the models: no single partitions, and no index that SQLite alone has."""
    if kind == "table":
        return not str(name).startswith(f"{PARTITIONED}_")
    return name != _SQLITE_ALONE


def existing() -> list[Partition]:
    """Return the partitions there are, by time, without the one for what no other takes."""
    if db.engine.dialect.name != "postgresql":
        return []
    with db.engine.begin() as connection:
        unhurried(connection)
        return [Partition(*row) for row in connection.execute(_BOUNDED)]


def keep_ahead(period: str, now: datetime | None = None, patience_ms: int = PATIENCE_MS) -> int:
    """Make the partitions that are missing of the current `period` (month, week or day) and of the next `AHEAD`.

    Rows of such a period that lie in `OTHER` move with it, unless that takes longer than `patience_ms` (0: however
    long). Returns how many were made; what is in use is left to the next call, and while another process makes some,
    there is nothing to do.
    """
    if db.engine.dialect.name != "postgresql":
        return 0
    with alone(PARTITIONS_LOCK) as free:
        missing = _missing(period, now or utc_now()) if free else []
        if not missing or not may_change():
            return 0
        return sum(_insisted(partial(_make, *span, patience_ms)) for span in missing)


def drop_before(mark: datetime) -> int:
    """Drop the partitions whose rows are all from before `mark`, and return how many rows they held.

    One that is in use stays, and so do all where the database role does not own the log.
    """
    old = [part for part in existing() if part.until <= mark]
    if not old or not may_change():
        return 0
    return sum(_drop(part) for part in old)


def may_change() -> bool:
    """Tell whether the database role may make and drop partitions; warn once a day where it may not."""
    with db.engine.begin() as connection:
        unhurried(connection)
        may = bool(connection.scalar(_MAY_CHANGE))
    if not may:
        _warn_once_a_day()
    return may


def period_of(moment: datetime, period: str) -> tuple[datetime, datetime]:
    """Return where the month, week (from Monday) or day of UTC begins in which `moment` lies, and where the next does.

    `moment` is in UTC.
    """
    day = moment.replace(hour=0, minute=0, second=0, microsecond=0)
    if period == "day":
        return day, day + timedelta(days=1)
    if period == "week":
        monday = day - timedelta(days=day.weekday())
        return monday, monday + timedelta(days=7)
    first = day.replace(day=1)
    return first, (first + timedelta(days=31)).replace(day=1)


def _missing(period: str, now: datetime) -> list[tuple[datetime, datetime]]:
    """Return the spans from the end of the last partition, or from now on, to the end of what is to be ahead.

    Where the period changed, the first span ends with the new period that the last partition ends in.
    """
    since, until = period_of(now, period)
    for _ in range(AHEAD):
        until = period_of(until, period)[1]
    since = max([since, *(part.until for part in existing())])
    spans = []
    while since < until:
        end = period_of(since, period)[1]
        spans.append((since, end))
        since = end
    return spans


def _make(since: datetime, until: datetime, patience_ms: int) -> None:
    """Make a partition beside the log, move into it what is its own, and attach it.

    Attaching takes no lock that writers of other partitions wait for, which making it in its place would.
    """
    name, within = f"{PARTITIONED}_{since:%Y%m%d}", f"timestamp >= '{since}' AND timestamp < '{until}'"
    with db.engine.begin() as connection:
        _bound(connection, patience_ms)
        for statement in (
            f"LOCK TABLE {OTHER} IN ACCESS EXCLUSIVE MODE",
            f"CREATE TABLE {name} (LIKE {PARTITIONED} INCLUDING DEFAULTS INCLUDING CONSTRAINTS)",
            f"INSERT INTO {name} SELECT * FROM {OTHER} WHERE {within}",  # noqa: S608 - names and bounds of our own
            f"DELETE FROM {OTHER} WHERE {within}",  # noqa: S608
            f"ALTER TABLE {PARTITIONED} ATTACH PARTITION {name} FOR VALUES FROM ('{since}') TO ('{until}')",
        ):
            connection.exec_driver_sql(statement)


def _drop(part: Partition) -> int:
    with db.engine.begin() as connection:
        unhurried(connection)
        held: int = connection.exec_driver_sql(f"SELECT count(*) FROM {part.name}").scalar_one()  # noqa: S608

    def drop() -> None:
        with db.engine.begin() as connection:
            _bound(connection, PATIENCE_MS)
            connection.exec_driver_sql(f"DROP TABLE {part.name}")

    return held if _insisted(drop) else 0


def _bound(connection: Connection, patience_ms: int) -> None:
    """Until the end of the transaction, wait only a moment for locks, and hold them only for so long."""
    limits = {"lock_timeout": LOCK_PATIENCE_MS, "statement_timeout": patience_ms}
    connection.execute(select(*[func.set_config(name, str(limit), True) for name, limit in limits.items()]))


def _insisted(change: Callable[[], None]) -> bool:
    """Do what may find a table in use, a few times if need be; tell whether it was done."""
    for number in range(TRIES):
        if number:
            concurrency.sleep(PAUSE_SECONDS)
        try:
            change()
        except DBAPIError as error:
            cause = cause_of(error)
            if getattr(error.orig, "pgcode", None) != _LOCK_NOT_AVAILABLE:
                break
        else:
            return True
    logger.warning("A partition of the log could not be made or dropped, which is tried again later: %s", cause)
    return False


_warned_on: date | None = None


def _warn_once_a_day() -> None:
    global _warned_on  # noqa: PLW0603 - one process warns once, whatever asks
    today = utc_now().date()
    if _warned_on != today:
        _warned_on = today
        logger.warning(
            "The database role does not own the log: no partitions are made or dropped. Rows go to %s, and what is"
            " too old is deleted row by row.",
            OTHER,
        )
