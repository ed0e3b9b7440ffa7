"""Metering of keys: calls a minute and a day, and when a key was last used.

The day's calls are in the database, where a process adds to them once a second, in one transaction for all keys; a call
waits for none of it. What other processes have added is known from the row that identifies a key and from each such
transaction, so that a quota may be passed by what the others let through within a second; over Redis it is not.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from flask import Flask
from sqlalchemy import case, update

from ... import concurrency
from ...database.sessions import writing
from ...database.types import utc_now
from ...errors import KeyRateLimited, QuotaExceeded, RetryableError
from ...extensions import of_this_application
from ...models import ApiKey
from ..accounts.identity import KeyGrant
from .windows import DAY, HOUR, MINUTE, WindowCounts, seconds_left

SEEN_AGAIN = timedelta(minutes=1)
"""How often it is written down that a key was used."""

key_meter: KeyMeter = of_this_application("key_meter")


def init_app(app: Flask) -> None:
    """Give `app` its meter; asks no server for anything. Reads REDIS_URL (where counts are shared)."""
    counts = WindowCounts(app.config["RATELIMIT_STORAGE_URI"], app.config["RATELIMIT_STORAGE_OPTIONS"])
    app.extensions["key_meter"] = KeyMeter(counts)


@dataclass(frozen=True, slots=True)
class Budget:
    """A limit, how many calls are left of it, and in how many seconds it begins anew."""

    limit: int
    remaining: int
    reset_seconds: int


@dataclass(frozen=True, slots=True)
class Charge:
    """What came of counting a call: the limit that is the first to be reached, and the refusal where it was."""

    budget: Budget | None = None
    refusal: RetryableError | None = None

    def check(self) -> None:
        """Raise the refusal, if there is one."""
        if self.refusal is not None:
            raise self.refusal


@dataclass(slots=True)
class _Day:
    """The calls of a key on a day: those the database is known to have, on the way there, and not yet."""

    stored: int = 0
    on_the_way: int = 0
    waiting: int = 0


class KeyMeter:
    """What the keys of this application were used for."""

    def __init__(self, counts: WindowCounts) -> None:
        self._counts = counts
        self._days: dict[tuple[str, date], _Day] = {}
        self._seen: dict[str, datetime] = {}
        self._lock = concurrency.Guard()

    def seen(self, key_id: str, before: datetime | None) -> None:
        """Note that a key was used, if the last time that is written down is a while ago."""
        now = utc_now()
        if before is None or now - before >= SEEN_AGAIN:
            self._seen[key_id] = now

    def charge(self, grant: KeyGrant, calls: int = 1) -> Charge:
        """Count calls against the limits of a key; those that are refused count for nothing."""
        if not grant.is_limited:
            return Charge()
        now = utc_now()
        by_rate, refusal = self._charge_rate(grant, calls, now)
        if refusal is not None:
            return Charge(by_rate, refusal)
        by_quota, refusal = self._charge_quota(grant, calls, now)
        if refusal is not None:
            return Charge(by_quota, refusal)
        budgets = [budget for budget in (by_rate, by_quota) if budget is not None]
        return Charge(min(budgets, key=lambda budget: budget.remaining))

    def first_this_hour(self, name: str) -> bool:
        """Tell whether `name` has not come up yet in this hour of the clock, here or in another process."""
        return self._counts.add(name, HOUR, utc_now()) == 1

    def _charge_rate(self, grant: KeyGrant, calls: int, now: datetime) -> tuple[Budget | None, RetryableError | None]:
        limit = grant.rate
        if limit is None:
            return None, None
        used, left = self._counts.add(grant.key_id, MINUTE, now, calls), seconds_left(MINUTE, now)
        if used <= limit:
            return Budget(limit, limit - used, left), None
        used = self._counts.add(grant.key_id, MINUTE, now, -calls)
        return Budget(limit, max(0, limit - used), left), KeyRateLimited(limit=limit, retry_after=left)

    def _charge_quota(self, grant: KeyGrant, calls: int, now: datetime) -> tuple[Budget | None, RetryableError | None]:
        limit = grant.daily_quota
        if limit is None:
            return None, None
        shared, left = self._counts.add(grant.key_id, DAY, now, calls), seconds_left(DAY, now)
        with self._lock:
            day = self._days.setdefault((grant.key_id, now.date()), _Day())
            read = grant.used if grant.used_on == now.date() else 0
            used = max(max(day.stored + day.on_the_way, read) + day.waiting + calls, shared)
            if used <= limit:
                day.waiting += calls
                return Budget(limit, limit - used, left), None
        self._counts.add(grant.key_id, DAY, now, -calls)
        return Budget(limit, max(0, limit - used + calls), left), QuotaExceeded(limit=limit, retry_after=left)

    def flush(self) -> None:
        """Write what was counted, in one transaction; nothing where nothing was. What fails waits for the next time."""
        with self._lock:
            seen, self._seen = self._seen, {}
            days = {key: day.waiting for key, day in self._days.items() if day.waiting}
            for key, calls in days.items():
                self._days[key].on_the_way, self._days[key].waiting = calls, 0
        stored: Mapping[tuple[str, date], int] | None = None
        try:
            stored = _store(days, seen) if days or seen else {}
        finally:
            with self._lock:
                self._settle(days, seen, stored)

    def _settle(
        self,
        days: Mapping[tuple[str, date], int],
        seen: Mapping[str, datetime],
        stored: Mapping[tuple[str, date], int] | None,
    ) -> None:
        """Take note of what was written, or, where nothing was, that it still has to be."""
        for key, calls in days.items():
            day = self._days[key]
            day.on_the_way = 0
            if stored is None:
                day.waiting += calls
            else:
                day.stored = stored.get(key, day.stored)
        if stored is None:
            self._seen = {**seen, **self._seen}
        today = utc_now().date()
        self._days = {key: day for key, day in self._days.items() if day.waiting or key[1] >= today}


def _store(days: Mapping[tuple[str, date], int], seen: Mapping[str, datetime]) -> dict[tuple[str, date], int]:
    """Add calls to their keys, in the order of these, and return the day's calls of each; a key may be gone."""
    stored = {}
    with writing() as session:
        for (key_id, day), calls in sorted(days.items()):
            same, former = ApiKey.used_on == day, ApiKey.used_on.is_(None) | (ApiKey.used_on < day)
            used = case((same, ApiKey.used + calls), (former, calls), else_=ApiKey.used)
            on = case((former, day), else_=ApiKey.used_on)
            one = update(ApiKey).where(ApiKey.key_id == key_id).values(used=used, used_on=on).returning(ApiKey.used)
            total = session.scalar(one)
            if total is not None:
                stored[key_id, day] = total
        for key_id, moment in sorted(seen.items()):
            older = ApiKey.last_used_at.is_(None) | (ApiKey.last_used_at < moment)
            session.execute(update(ApiKey).where(ApiKey.key_id == key_id, older).values(last_used_at=moment))
    return stored
