"""Time buckets of a zone: days, hours or minutes, as ranges of UTC."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from typing import Any, Literal, NamedTuple
from zoneinfo import ZoneInfo

from sqlalchemy import literal

from ...database.types import Instants, utc_now
from ...errors import N_, ValidationFailed
from .counters import HOUR, day_of, hour_of
from .filters import Period

Bucket = Literal["day", "hour", "minute"]

MAX_DAYS = {"day": 365, "hour": 7}
MAX_HOURS_BY_MINUTE = 6
AUTO_HOUR_DAYS = 2
"""The longest period, in days, that is shown by the hour where nobody chose the step."""

_MINUTE = timedelta(minutes=1)
_LONGEST_BY_MINUTE = timedelta(hours=MAX_HOURS_BY_MINUTE)


class PeriodTooLong(ValidationFailed):
    """A period has more buckets than are counted at once; `since` is the field to blame."""

    message = N_("Choose at most 365 days.")

    def __init__(self) -> None:
        super().__init__({"since": [self.message]})


class TooManyHours(PeriodTooLong):
    message = N_("By the hour, choose at most 7 days.")


class TooManyMinutes(PeriodTooLong):
    message = N_("Choose at most 6 hours for minutes.")


_TOO_LONG: dict[Bucket, type[PeriodTooLong]] = {"day": PeriodTooLong, "hour": TooManyHours, "minute": TooManyMinutes}


@dataclass(frozen=True, slots=True)
class Buckets:
    """Consecutive stretches of time: where each starts, in UTC, and its name; `period` is all of them.

    `are_days_of_utc` tells whether each is a whole day of UTC.
    """

    starts: list[datetime]
    names: list[str]
    period: Period
    days: int
    are_days_of_utc: bool = False

    @property
    def thresholds(self) -> Any:
        """The starts as an argument of SQL's `width_bucket`, which numbers the steps from 1."""
        return literal(self.starts, Instants)


def buckets_of(asked: Period, days: int, bucket: Bucket, tz: ZoneInfo) -> Buckets:
    """Return the steps of the last `days` days of `tz`, today the last, or of the period `asked` for.

    An open end of the period is now, or `days` days earlier. Raises PeriodTooLong.
    """
    first, last = _ends(asked, days, tz)
    start = asked.since or _midnight(first, tz)
    end = asked.until or _open_end(bucket, last, tz)
    period = Period(start, max(start, end))
    if start >= end:
        return Buckets([], [], period, 0)
    count = (last - first).days + 1
    if _is_too_long(bucket, count, end - start):
        raise _TOO_LONG[bucket]
    if bucket == "day":
        days_of_zone = _days(first, count, tz)
        starts = [start, *days_of_zone.starts[1:]]
        are_whole = days_of_zone.are_of_utc and start == day_of(start) and end == day_of(end)
        return Buckets(starts, [*days_of_zone.names], period, count, are_whole)
    starts = _steps(start, end, _MINUTE if bucket == "minute" else HOUR)
    if asked.since and starts[:1] != [asked.since]:
        starts.insert(0, asked.since)  # A period to the minute begins within an hour, of which it has the rest.
    return Buckets(starts, [start.astimezone(tz).isoformat() for start in starts], period, count)


def fitting(asked: Period, days: int, tz: ZoneInfo) -> Bucket:
    """Return the finest step that a period is comfortably read in: minutes up to 6 hours, hours up to two days."""
    if asked.since and (asked.until or utc_now()) - asked.since <= _LONGEST_BY_MINUTE:
        return "minute"
    first, last = _ends(asked, days, tz)
    return "hour" if (last - first).days + 1 <= min(AUTO_HOUR_DAYS, MAX_DAYS["hour"]) else "day"


def require_minutes(period: Period) -> None:
    """Raise TooManyMinutes where a period is too long to be counted by the minute."""
    if period.since is None or (period.until or utc_now()) - period.since > _LONGEST_BY_MINUTE:
        raise TooManyMinutes


def _is_too_long(bucket: Bucket, days: int, length: timedelta) -> bool:
    if bucket == "minute":
        return length > _LONGEST_BY_MINUTE + _MINUTE  # The one that goes on is counted whole.
    return days > MAX_DAYS[bucket]


def _ends(asked: Period, days: int, tz: ZoneInfo) -> tuple[date, date]:
    """Return the first and the last day that the period touches."""
    # The end is exclusive: midnight belongs to the day before.
    last = ((asked.until - timedelta(microseconds=1)) if asked.until else utc_now()).astimezone(tz).date()
    first = asked.since.astimezone(tz).date() if asked.since else last - timedelta(days=days - 1)
    return first, last


def _open_end(bucket: Bucket, last: date, tz: ZoneInfo) -> datetime:
    """Return where a period ends that goes on: with its day, or with the minute."""
    if bucket == "minute":
        return utc_now().replace(second=0, microsecond=0) + _MINUTE
    return _midnight(last + timedelta(days=1), tz)


def _steps(start: datetime, end: datetime, length: timedelta) -> list[datetime]:
    """Return the whole hours or minutes of UTC that begin in a stretch of time."""
    first = start.replace(second=0, microsecond=0) if length == _MINUTE else hour_of(start)
    first = first if first == start else first + length
    return [first + number * length for number in range(-((first - end) // length))]


class _Days(NamedTuple):
    """Days of a zone: where each begins, its name, and whether all of them begin with a day of UTC."""

    starts: tuple[datetime, ...]
    names: tuple[str, ...]
    are_of_utc: bool


@lru_cache(maxsize=16)
def _days(first: date, count: int, tz: ZoneInfo) -> _Days:
    """Return so many days of a zone; a year of them takes as long to make as to read what was seen in it."""
    days = [first + timedelta(days=number) for number in range(count)]
    starts = tuple(_midnight(day, tz) for day in days)
    of_utc = all(start == day_of(start) for start in starts)
    return _Days(starts, tuple(day.isoformat() for day in days), of_utc)


def _midnight(day: date, tz: ZoneInfo) -> datetime:
    """Return the instant at which a local day begins, even where a clock change leaves midnight out."""
    return datetime(day.year, day.month, day.day, tzinfo=tz).astimezone(UTC)
