"""Queries for the statistics of the dashboard, answered from the counters and never by counting the log.

Hours, days of UTC and totals are kept (see `counters`), so that a query reads few rows however many predictions
there were: all time from the totals, whole days of UTC from the days, the rest from the hours.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal
from zoneinfo import ZoneInfo

from sqlalchemy import Integer, Select, func, select, union_all

from ...database.sessions import browsing
from ...database.types import UtcDateTime
from ...models import EVERYBODY, PredictionDaily, PredictionHourly, PredictionTotal, User
from ...vision.emotions import EMOTIONS, Emotion
from .buckets import Buckets, buckets_of
from .counters import DAY, day_of
from .filters import Filters, Period

Counts = Mapping[str, int]
"""How many of each emotion, all seven, by its name."""


@dataclass(frozen=True, slots=True)
class MostCommon:
    """The emotion that was seen most often; ties go to the lower id."""

    name: str
    count: int


@dataclass(frozen=True, slots=True)
class Stats:
    """Totals; None is for counters of nothing."""

    total_predictions: int
    most_common_emotion: MostCommon | None
    average_confidence: float | None
    predictions_by_emotion: Counts
    period: Period


@dataclass(frozen=True, slots=True)
class EmotionDetail:
    """The counters of one emotion; `percentage` is its share of all emotions, 0 to 100."""

    total_predictions: int
    average_confidence: float | None
    last_prediction: datetime | None
    percentage: float
    period: Period


@dataclass(frozen=True, slots=True)
class TimelineBucket:
    """What was seen on a day or in an hour; `date` is ISO 8601, local to the time zone that was asked for."""

    date: str
    count: int
    by_emotion: Counts


@dataclass(frozen=True, slots=True)
class Timeline:
    """What was seen step by step, empty ones included."""

    period_days: int
    timeline: list[TimelineBucket]
    period: Period


@dataclass(frozen=True, slots=True)
class UserTotals:
    """A user and what was seen for them in all."""

    user_id: int
    username: str
    role: str
    is_active: bool
    total_predictions: int
    average_confidence: float | None


@dataclass(frozen=True, slots=True)
class _Sum:
    """What was seen of an emotion in a period."""

    count: int
    confidence_sum: float
    last_timestamp: datetime | None


def stats(filters: Filters) -> Stats:
    """Return the totals of what `filters` let through."""
    sums = _sums(filters)
    counts = {emotion.value: sums[emotion].count for emotion in EMOTIONS}
    # `max` returns the first of several, which has the lowest id.
    name = max(counts, key=counts.__getitem__)
    total = sum(counts.values())
    confidences = sum(one.confidence_sum for one in sums.values())
    most_common = MostCommon(name, counts[name]) if total else None
    return Stats(total, most_common, _average(confidences, total), counts, filters.hours)


def emotion_detail(emotion: str, filters: Filters) -> EmotionDetail:
    """Return the counters of one emotion and its share of all; an emotion in `filters` is passed over."""
    every = Filters(filters.user_id, None, filters.since, filters.until)
    sums = _sums(every)
    one, total = sums[Emotion(emotion)], sum(each.count for each in sums.values())
    percentage = round(100 * one.count / total, 2) if total else 0.0
    average = _average(one.confidence_sum, one.count)
    return EmotionDetail(one.count, average, one.last_timestamp, percentage, every.hours)


def timeline(filters: Filters, days: int, bucket: Literal["day", "hour"], tz: ZoneInfo) -> Timeline:
    """Return what was seen in each of the last `days` days of `tz`, today the last; a period in `filters` overrides.

    An hour that lies in two days, as in zones off by half an hour, counts for the one in which it begins. Raises
    ValidationFailed for a period of more than 365 days, or 7 by the hour.
    """
    buckets = buckets_of(filters.hours, days, bucket, tz)
    counts = _counts_by_day(filters, buckets) if buckets.are_days_of_utc else _counts_by_bucket(filters, buckets)
    timeline = [_bucket_of(name, each) for name, each in zip(buckets.names, counts, strict=True)]
    return Timeline(buckets.days, timeline, buckets.period)


def users_overview() -> list[UserTotals]:
    """Return all users with their totals, in the order in which they came, but for those that are being erased."""
    totals = PredictionTotal
    sums = (func.coalesce(func.sum(totals.count), 0), func.sum(totals.confidence_sum))
    query = (
        select(User.user_id, User.username, User.role, User.is_active, *sums)
        .outerjoin(totals, totals.user_id == User.user_id)
        .where(User.deletion_requested_at.is_(None))
        .group_by(User.user_id)
        .order_by(User.user_id)
    )
    with browsing() as session:
        rows = session.execute(query).all()
    return [
        UserTotals(user_id, username, role, is_active, int(total), _average(confidences, int(total)))
        for user_id, username, role, is_active, total, confidences in rows
    ]


def _bucket_of(name: str, counts: Counts) -> TimelineBucket:
    return TimelineBucket(name, sum(counts.values()), counts)


def _average(confidence_sum: float | None, count: int) -> float | None:
    return round((confidence_sum or 0.0) / count, 4) if count else None


def _sums(filters: Filters) -> dict[Emotion, _Sum]:
    """Return the sums of the period by emotion, all seven."""
    parts = union_all(*_parts(filters)).subquery()
    last = func.max(parts.c.last_timestamp, type_=UtcDateTime)
    by_emotion = select(
        parts.c.emotion_id, func.sum(parts.c["count"]), func.sum(parts.c.confidence_sum), last
    ).group_by(parts.c.emotion_id)
    with browsing() as session:
        rows = session.execute(by_emotion).all()
    read = {Emotion.from_id(row[0]): _Sum(int(row[1]), row[2], row[3]) for row in rows}
    return {emotion: read.get(emotion, _Sum(0, 0.0, None)) for emotion in EMOTIONS}


def _parts(filters: Filters) -> list[Select[Any]]:
    """Return queries that together read the period, each from the coarsest counters that fit."""
    since, until = filters.hours.since, filters.hours.until
    if since is None and until is None:
        return [_of(PredictionTotal, filters)]
    hour, day = PredictionHourly.hour, PredictionDaily.day
    first_day = since and (since if since == day_of(since) else day_of(since) + DAY)
    last_day = until and day_of(until)
    if first_day and last_day and first_day >= last_day:
        return [_of(PredictionHourly, filters).where(hour >= since, hour < until)]
    days, parts = _of(PredictionDaily, filters), []
    if since and first_day:
        days = days.where(day >= first_day)
        parts.append(_of(PredictionHourly, filters).where(hour >= since, hour < first_day))
    if until and last_day:
        days = days.where(day < last_day)
        parts.append(_of(PredictionHourly, filters).where(hour >= last_day, hour < until))
    return [days, *parts]


def _of(table: Any, filters: Filters) -> Select[Any]:
    """Select the counters of the user, or of everybody, and of the emotion if one is asked for."""
    query = select(table.emotion_id, table.count, table.confidence_sum, table.last_timestamp)
    query = query.where(table.user_id == (filters.user_id or EVERYBODY))
    return query if filters.emotion_id is None else query.where(table.emotion_id == filters.emotion_id)


def _counts_by_day(filters: Filters, buckets: Buckets) -> list[Counts]:
    """Return the counts by emotion of each step, all of them days of UTC, as they are kept."""
    return _counts(filters, buckets, PredictionDaily, PredictionDaily.day, buckets.starts)


def _counts_by_bucket(filters: Filters, buckets: Buckets) -> list[Counts]:
    """Return the counts by emotion of each step, summed from the hours that begin in it."""
    number = func.width_bucket(PredictionHourly.hour, buckets.thresholds, type_=Integer)
    return _counts(filters, buckets, PredictionHourly, number, range(1, len(buckets.starts) + 1))


def _counts(filters: Filters, buckets: Buckets, table: Any, step: Any, asked: Sequence[Any]) -> list[Counts]:
    """Sum the rows of `table` by the expression `step`; return the sums of those `asked` for, in their order."""
    if not asked:
        return []
    start = table.day if table is PredictionDaily else table.hour
    # One row a step: a year would be thousands with one an emotion.
    counts = [func.coalesce(func.sum(table.count).filter(table.emotion_id == emotion.id), 0) for emotion in EMOTIONS]
    query = (
        _of(table, filters)
        .with_only_columns(step, *counts)
        .where(start >= buckets.period.since, start < buckets.period.until)
        .group_by(step)
    )
    with browsing() as session:
        rows = session.execute(query).all()
    seen = {key: dict(zip(_NAMES, map(int, counts), strict=True)) for key, *counts in rows}
    nothing = dict.fromkeys(_NAMES, 0)
    return [seen.get(key, nothing) for key in asked]


_NAMES = [emotion.value for emotion in EMOTIONS]
