"""Sums of a period from the counters that are kept: all time from the totals, whole days from the days, else hours."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Select, func, select, union_all
from sqlalchemy.orm import Session

from ...database.types import UtcDateTime
from ...models import EVERYBODY, PredictionDaily, PredictionHourly, PredictionTotal
from ...vision.emotions import Emotion
from .counters import DAY, day_of
from .filters import Filters
from .results import Sum


def sums_of(session: Session, filters: Filters) -> dict[Emotion, Sum]:
    """Return the sums of the period, of the emotions that have any."""
    parts = union_all(*_parts(filters)).subquery()
    last = func.max(parts.c.last_timestamp, type_=UtcDateTime)
    by_emotion = select(
        parts.c.emotion_id, func.sum(parts.c["count"]), func.sum(parts.c.confidence_sum), last
    ).group_by(parts.c.emotion_id)
    rows = session.execute(by_emotion).all()
    return {Emotion.from_id(row[0]): Sum(int(row[1]), row[2], row[3]) for row in rows}


def counters_of(table: Any, filters: Filters) -> Select[Any]:
    """Select the counters of the user, or of everybody, and of the emotion if one is asked for."""
    query = select(table.emotion_id, table.count, table.confidence_sum, table.last_timestamp)
    query = query.where(table.user_id == (filters.user_id or EVERYBODY))
    return query if filters.emotion_id is None else query.where(table.emotion_id == filters.emotion_id)


def _parts(filters: Filters) -> list[Select[Any]]:
    """Return queries that together read the period, each from the coarsest counters that fit."""
    since, until = filters.rounded.since, filters.rounded.until
    if since is None and until is None:
        return [counters_of(PredictionTotal, filters)]
    hour, day = PredictionHourly.hour, PredictionDaily.day
    first_day = since and (since if since == day_of(since) else day_of(since) + DAY)
    last_day = until and day_of(until)
    if first_day and last_day and first_day >= last_day:
        return [counters_of(PredictionHourly, filters).where(hour >= since, hour < until)]
    days, parts = counters_of(PredictionDaily, filters), []
    if since and first_day:
        days = days.where(day >= first_day)
        parts.append(counters_of(PredictionHourly, filters).where(hour >= since, hour < first_day))
    if until and last_day:
        days = days.where(day < last_day)
        parts.append(counters_of(PredictionHourly, filters).where(hour >= last_day, hour < until))
    return [days, *parts]
