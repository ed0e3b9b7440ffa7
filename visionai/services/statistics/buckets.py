"""Time buckets of a zone, days or hours, as ranges of the UTC hours that counters are kept by."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any, Literal
from zoneinfo import ZoneInfo

from sqlalchemy import literal

from ...database.types import Instants, utc_now
from ...errors import N_, ValidationFailed
from .counters import HOUR, day_of, hour_of
from .filters import Period

MAX_DAYS = {"day": 365, "hour": 7}


@dataclass(frozen=True, slots=True)
class Buckets:
    """Consecutive stretches of time: where each starts, in UTC, and its name; `period` is all of them."""

    starts: list[datetime]
    names: list[str]
    period: Period
    days: int

    @property
    def are_days_of_utc(self) -> bool:
        """Whether the steps are whole days of UTC."""
        ends = [*self.starts, self.period.until]
        return self.days == len(self.starts) and all(end is not None and end == day_of(end) for end in ends)

    @property
    def thresholds(self) -> Any:
        """The starts as an argument of SQL's `width_bucket`, which numbers the steps from 1."""
        return literal(self.starts, Instants)


def buckets_of(asked: Period, days: int, bucket: Literal["day", "hour"], tz: ZoneInfo) -> Buckets:
    """Return the steps of the last `days` days of `tz`, today the last, or of the period `asked` for.

    An open end of the period is now, or `days` days earlier. Raises ValidationFailed for a period that is too long.
    """
    first, last = _ends(asked, days, tz)
    start = asked.since or _midnight(first, tz)
    end = asked.until or _midnight(last + timedelta(days=1), tz)
    period = Period(start, max(start, end))
    if start >= end:
        return Buckets([], [], period, 0)
    count = (last - first).days + 1
    if count > MAX_DAYS[bucket]:
        raise ValidationFailed({"since": [N_("This period is too long: at most 365 days, or 7 by the hour.")]})
    dates = [first + timedelta(days=number) for number in range(count)]
    starts = [max(start, _midnight(day, tz)) for day in dates]
    if bucket == "day":
        return Buckets(starts, [day.isoformat() for day in dates], period, len(dates))
    hours = _hours(start, end)
    return Buckets(hours, [hour.astimezone(tz).isoformat() for hour in hours], period, len(dates))


def _ends(asked: Period, days: int, tz: ZoneInfo) -> tuple[date, date]:
    """Return the first and the last day that the period touches."""
    # The end is exclusive: midnight belongs to the day before.
    last = ((asked.until - timedelta(microseconds=1)) if asked.until else utc_now()).astimezone(tz).date()
    first = asked.since.astimezone(tz).date() if asked.since else last - timedelta(days=days - 1)
    return first, last


def _hours(start: datetime, end: datetime) -> list[datetime]:
    """Return the hours of UTC that begin in a stretch of time."""
    first = hour_of(start)
    first = first if first == start else first + HOUR
    return [first + number * HOUR for number in range(-((first - end) // HOUR))]


def _midnight(day: date, tz: ZoneInfo) -> datetime:
    """Return the instant at which a local day begins, even where a clock change leaves midnight out."""
    return datetime(day.year, day.month, day.day, tzinfo=tz).astimezone(UTC)
