"""Sums from the log, for what no counter tells apart: minutes, a session, a version, a source. The work is bounded.

A query here reads rows of the log by an index on their time, or on their session. How many these are is known from the
counters before any is read, so that a dashboard is as fast on a log of years as on one of a day.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from ...database.functions import truncated
from ...database.sessions import browsing
from ...database.types import UtcDateTime
from ...errors import N_, ValidationFailed
from ...models import PredictionLog, RecordedSession
from ...vision.emotions import EMOTIONS, Emotion
from .buckets import Buckets, require_minutes
from .counters import HOUR, hour_of
from .filters import Filters
from .kept_sums import sums_of
from .results import Counts, Sum

MAX_ROWS = {"postgresql": 500_000, "sqlite": 200_000}
"""Rows that one query may read, about half a second; SQLite reads within the process, which answers nobody then."""

MAX_ROWS_UNASKED = 50_000
"""Rows that are read for the uncertain ones beside what the counters say."""


class TooManyReadings(ValidationFailed):
    """The period holds too many rows to be counted one by one."""

    message = N_("That period has too many readings for this filter. Choose a shorter one.")

    def __init__(self) -> None:
        super().__init__({"since": [self.message]})


@dataclass(frozen=True, slots=True)
class LogSums:
    """The sums of the emotions that were seen, and the share of uncertain rows; None where no row says."""

    by_emotion: dict[Emotion, Sum]
    uncertain_share: float | None


def require_bounded(filters: Filters) -> None:
    """Raise ValidationFailed where answering by the log would read too many rows, or too many minutes."""
    if filters.by_minute and filters.session_id is None:
        require_minutes(filters.rounded)
    with browsing() as session:
        if _rows_read(session, filters) > MAX_ROWS[session.get_bind().dialect.name]:
            raise TooManyReadings


def sums(filters: Filters) -> LogSums:
    """Return what the log holds of what `filters` let through; raises ValidationFailed where that is too much."""
    require_bounded(filters)
    return _read(filters)


def uncertain_share(filters: Filters) -> float | None:
    """Return the share of uncertain readings, None where it would take long to count them or no row says."""
    with browsing() as session:
        if _rows_read(session, filters) > MAX_ROWS_UNASKED:
            return None
    return _read(filters).uncertain_share


def counts(filters: Filters, buckets: Buckets) -> list[Counts]:
    """Return the counts by emotion of each step; raises ValidationFailed where that is too much to count."""
    within = replace(filters, since=buckets.period.since, until=buckets.period.until)
    require_bounded(within)
    log = PredictionLog
    step = truncated(log.timestamp, "minute" if filters.by_minute else "hour")
    query = select(step, log.emotion_id, func.count()).where(*within.conditions()).group_by(step, log.emotion_id)
    with browsing() as session:
        rows = session.execute(query).all()
    return _summed(rows, buckets.starts)


def _summed(rows: Sequence[Any], starts: Sequence[datetime]) -> list[Counts]:
    """Add up hours or minutes by the step in which they begin."""
    totals = [dict.fromkeys(_NAMES, 0) for _ in starts]
    for step, emotion_id, count in rows:
        # The first may begin before the period does.
        totals[max(0, bisect_right(starts, step) - 1)][Emotion.from_id(emotion_id).value] += count
    return list(totals)


def _read(filters: Filters) -> LogSums:
    log, period = PredictionLog, filters.rounded
    within = replace(filters, since=period.since, until=period.until)
    query = (
        select(
            log.emotion_id,
            func.count(),
            func.sum(log.confidence),
            func.max(log.timestamp, type_=UtcDateTime),
            func.count().filter(log.uncertain.is_(True)),
            func.count(log.uncertain),
        )
        .where(*within.conditions())
        .group_by(log.emotion_id)
    )
    with browsing() as session:
        rows = session.execute(query).all()
    told = sum(row[5] for row in rows)
    share = round(sum(row[4] for row in rows) / told, 4) if told else None
    return LogSums({Emotion.from_id(row[0]): Sum(*row[1:4]) for row in rows}, share)


def _rows_read(session: Session, filters: Filters) -> int:
    """Return how many rows of the log a query may read, whichever index the database takes."""
    ways = []
    if filters.session_id is not None:
        recorded = RecordedSession
        ways.append(session.scalar(select(recorded.seconds).where(recorded.session_id == filters.session_id)) or 0)
    if filters.user_id is not None:
        ways.append(_counted(session, replace(filters, emotion=None)))
    if filters.emotion is not None:
        ways.append(_counted(session, replace(filters, user_id=None)))
    return max(ways) if ways else _counted(session, filters)


def _counted(session: Session, filters: Filters) -> int:
    """Return how many readings the counters have of the hours that the period touches."""
    until = filters.until and hour_of(filters.until + HOUR)
    hours = Filters(filters.user_id, filters.emotion, filters.since, until)
    return sum(one.count for one in sums_of(session, hours).values())


_NAMES = [emotion.value for emotion in EMOTIONS]
