"""Queries for the statistics of the dashboard, answered from the counters wherever these know.

Hours, days of UTC and totals are kept (see `counters`), so that a query reads few rows however many predictions
there were. What they do not tell apart is summed from the log, within bounds (see `log_sums`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cache
from typing import Any, Literal
from zoneinfo import ZoneInfo

from sqlalchemy import BigInteger, Integer, Select, bindparam, cast, func, select

from ...database.sessions import browsing
from ...models import EVERYBODY, PredictionDaily, PredictionHourly, PredictionTotal, User
from ...vision.emotions import EMOTIONS, Emotion
from . import log_sums, versions
from .buckets import Bucket, Buckets, buckets_of, fitting
from .filters import Filters, Period
from .kept_sums import sums_of
from .results import Counts, EmotionDetail, MostCommon, OfEmotion, Stats, Sum, Timeline, TimelineBucket, UserTotals


def stats(filters: Filters, with_uncertain: bool = False) -> Stats:
    """Return the totals of what `filters` let through; raises ValidationFailed where that is too much to count.

    The uncertain ones are counted from the log, where it is read anyway, or where it is asked for and does not take
    long.
    """
    sums, uncertain = _sums(filters)
    if uncertain is None and with_uncertain and not filters.needs_log:
        uncertain = log_sums.uncertain_share(filters)
    counts = {emotion.value: sums[emotion].count for emotion in EMOTIONS}
    # `max` returns the first of several, which has the lowest id.
    name = max(counts, key=counts.__getitem__)
    total = sum(counts.values())
    confidences = sum(one.confidence_sum for one in sums.values())
    most_common = MostCommon(name, counts[name]) if total else None
    average = _average(confidences, total)
    emotions = [_of_emotion(emotion, one) for emotion, one in sums.items() if one.count]
    return Stats(total, most_common, average, counts, filters.rounded, emotions, uncertain)


def emotion_detail(emotion: str, filters: Filters) -> EmotionDetail:
    """Return the counters of one emotion and its share of all; an emotion in `filters` is passed over."""
    every = replace(filters, emotion=None)
    sums, _ = _sums(every)
    one, total = sums[Emotion(emotion)], sum(each.count for each in sums.values())
    percentage = round(100 * one.count / total, 2) if total else 0.0
    average = _average(one.confidence_sum, one.count)
    return EmotionDetail(one.count, average, one.last_timestamp, percentage, every.rounded)


def timeline(
    filters: Filters, days: int, bucket: Bucket | Literal["auto"], tz: ZoneInfo, with_versions: bool = False
) -> Timeline:
    """Return what was seen in each of the last `days` days of `tz`, today the last; a period in `filters` overrides.

    An hour that lies in two days, as in zones off by half an hour, counts for the one in which it begins. Raises
    ValidationFailed for a period of more than 365 days, 7 by the hour, or 6 hours by the minute. `auto` is the step
    that fits, hours where minutes are too much to count.
    """
    if bucket != "auto":
        return _timeline(filters, days, bucket, tz, with_versions)
    fits = fitting(Period(filters.since, filters.until), days, tz)
    if fits != "minute":
        return _timeline(filters, days, fits, tz, with_versions)
    try:
        return _timeline(filters, days, "minute", tz, with_versions)
    except log_sums.TooManyReadings:
        return _timeline(replace(filters, by_minute=False), days, "hour", tz, with_versions)


def _timeline(filters: Filters, days: int, bucket: Bucket, tz: ZoneInfo, with_versions: bool) -> Timeline:
    filters = replace(filters, by_minute=filters.by_minute or bucket == "minute")
    buckets = buckets_of(filters.rounded, days, bucket, tz)
    steps = [_bucket_of(name, each) for name, each in zip(buckets.names, _counts_of(filters, buckets), strict=True)]
    changes = versions.changes(buckets) if with_versions else []
    return Timeline(buckets.days, steps, buckets.period, bucket, changes)


def _counts_of(filters: Filters, buckets: Buckets) -> Sequence[Counts]:
    """Return the counts by emotion of each step, from the coarsest counters that know them, else from the log."""
    if not buckets.starts:
        return []
    if filters.needs_log:
        return log_sums.counts(filters, buckets)
    return _counts_by_day(filters, buckets) if buckets.are_days_of_utc else _counts_by_bucket(filters, buckets)


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


def _of_emotion(emotion: Emotion, one: Sum) -> OfEmotion:
    return OfEmotion(emotion.value, one.count, _average(one.confidence_sum, one.count), one.last_timestamp)


def _sums(filters: Filters) -> tuple[Mapping[Emotion, Sum], float | None]:
    """Return the sums of the period by emotion, all seven, and the share of uncertain ones where it is known."""
    if filters.needs_log:
        found = log_sums.sums(filters)
        read, uncertain = found.by_emotion, found.uncertain_share
    else:
        with browsing() as session:
            read, uncertain = sums_of(session, filters), None
    return {emotion: read.get(emotion, Sum()) for emotion in EMOTIONS}, uncertain


def _counts_by_day(filters: Filters, buckets: Buckets) -> list[Counts]:
    """Return the counts by emotion of each step, all of them days of UTC, as they are kept."""
    return _counts(_days_with(filters.emotion_id is not None), filters, buckets, buckets.starts)


def _counts_by_bucket(filters: Filters, buckets: Buckets) -> list[Counts]:
    """Return the counts by emotion of each step, summed from the hours that begin in it."""
    number = func.width_bucket(PredictionHourly.hour, buckets.thresholds, type_=Integer)
    query = _steps(PredictionHourly, PredictionHourly.hour, number, filters.emotion_id is not None)
    return _counts(query, filters, buckets, range(1, len(buckets.starts) + 1))


def _counts(query: Select[Any], filters: Filters, buckets: Buckets, asked: Sequence[Any]) -> list[Counts]:
    """Return the sums that `query`, of `_steps`, has of the steps `asked` for, in their order."""
    emotion = {} if filters.emotion_id is None else {"emotion": filters.emotion_id}
    period = {"since": buckets.period.since, "until": buckets.period.until}
    with browsing() as session:
        # Not the session's own: its rows may be objects, and telling that they are not takes as long as reading them.
        rows = session.connection().execute(query, {"user": filters.user_id or EVERYBODY, **emotion, **period}).all()
    seen = {row[0]: dict(zip(_NAMES, row[1:], strict=True)) for row in rows}
    nothing = dict.fromkeys(_NAMES, 0)
    return [seen.get(key, nothing) for key in asked]


@cache
def _days_with(an_emotion: bool) -> Select[Any]:
    """Select the days of UTC, of one emotion or of all; made once, as making it takes longer than reading a week."""
    return _steps(PredictionDaily, PredictionDaily.day, PredictionDaily.day, an_emotion)


def _steps(table: Any, start: Any, step: Any, with_emotion: bool) -> Select[Any]:
    """Sum the rows of `table` by the expression `step`, a row a step: a year would be thousands with one an emotion.

    Takes `user`, `since` and `until`, and `emotion` where it is `with_emotion`.
    """
    # PostgreSQL's own sums are decimals, slow to read.
    sums = [func.sum(table.count).filter(table.emotion_id == emotion.id) for emotion in EMOTIONS]
    counts = [cast(func.coalesce(one, 0), BigInteger) for one in sums]
    query = select(step, *counts).where(table.user_id == bindparam("user")).group_by(step)
    query = query.where(start >= bindparam("since"), start < bindparam("until"))
    return query.where(table.emotion_id == bindparam("emotion")) if with_emotion else query


_NAMES = [emotion.value for emotion in EMOTIONS]
