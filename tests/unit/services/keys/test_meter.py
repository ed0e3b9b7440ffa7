"""Limits of keys: a minute of the clock, a day of UTC, and what the database has of it."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy.exc import OperationalError

from tests.support.redis_server import RedisServer, redis_or_skip
from visionai.contract.scopes import Scope
from visionai.errors import KeyRateLimited, QuotaExceeded
from visionai.extensions import db
from visionai.models import ApiKey
from visionai.services.accounts import accounts
from visionai.services.accounts.identity import KeyGrant
from visionai.services.keys import keys, meter
from visionai.services.keys.keys import NewKey
from visionai.services.keys.meter import Budget, KeyMeter
from visionai.services.keys.windows import WindowCounts

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Callable[[datetime], None]:
    """Set the clock of the meter."""

    def set_to(moment: datetime) -> None:
        monkeypatch.setattr(meter, "utc_now", lambda: moment)

    set_to(NOON)
    return set_to


def a_meter() -> KeyMeter:
    """A process of its own, which shares nothing but the database."""
    return KeyMeter(WindowCounts("memory://", {}))


def grant_of(**limits: int) -> Callable[[], KeyGrant]:
    """Make a key with limits and return what reads its grant anew."""
    user = accounts.create_user("ana", "una frase larga")
    text = keys.create(user.user_id, NewKey("lab", (Scope.PREDICT,), **limits)).text  # type: ignore[arg-type]

    def grant() -> KeyGrant:
        found = keys.identify(text).key
        assert found is not None
        return found

    return grant


def used(key_id: str) -> tuple[object, int]:
    db.session.rollback()
    key = db.session.get_one(ApiKey, key_id)
    return key.used_on, key.used


def test_a_key_without_limits_is_not_counted(app: Flask) -> None:
    charge = a_meter().charge(KeyGrant("k", frozenset()))
    assert (charge.budget, charge.refusal) == (None, None)


def test_calls_of_a_minute_are_so_many(app: Flask, clock: Callable[[datetime], None]) -> None:
    own, grant = a_meter(), KeyGrant("k", frozenset(), rate=2)
    clock(NOON + timedelta(seconds=45))
    assert [own.charge(grant).budget for _ in range(2)] == [Budget(2, 1, 15), Budget(2, 0, 15)]
    refused = own.charge(grant)
    assert refused.budget == Budget(2, 0, 15)
    with pytest.raises(KeyRateLimited) as caught:
        refused.check()
    assert caught.value.retry_after_seconds == 15
    clock(NOON + timedelta(seconds=60))
    own.charge(grant).check()


def test_what_is_refused_counts_for_nothing(app: Flask, clock: Callable[[datetime], None]) -> None:
    own, grant = a_meter(), KeyGrant("k", frozenset(), rate=10, daily_quota=20)
    own.charge(grant, 8).check()
    assert own.charge(grant, 5).refusal is not None
    assert own.charge(grant, 2).budget == Budget(10, 0, 60)


def test_the_limit_that_is_reached_first_is_told(app: Flask, clock: Callable[[datetime], None]) -> None:
    own = a_meter()
    assert own.charge(KeyGrant("a", frozenset(), rate=5, daily_quota=100)).budget == Budget(5, 4, 60)
    assert own.charge(KeyGrant("b", frozenset(), rate=5, daily_quota=3)).budget == Budget(3, 2, 12 * 3600)


@pytest.fixture
def elsewhere(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A machine whose own day began ten hours before that of UTC."""
    monkeypatch.setenv("TZ", "Pacific/Kiritimati")
    time.tzset()
    yield
    monkeypatch.undo()
    os.environ.pop("TZ", None)
    time.tzset()


@pytest.mark.usefixtures("elsewhere")
def test_a_day_begins_at_midnight_utc_wherever_the_server_is(app: Flask, clock: Callable[[datetime], None]) -> None:
    own, grant = a_meter(), KeyGrant("k", frozenset(), daily_quota=1)
    clock(datetime(2026, 3, 1, 9, 59, tzinfo=UTC))
    own.charge(grant).check()
    clock(datetime(2026, 3, 1, 10, 1, tzinfo=UTC))  # Midnight in Kiritimati is over.
    with pytest.raises(QuotaExceeded):
        own.charge(grant).check()
    clock(datetime(2026, 3, 1, 23, 59, 59, tzinfo=UTC))
    with pytest.raises(QuotaExceeded) as caught:
        own.charge(grant).check()
    assert caught.value.retry_after_seconds == 1
    clock(datetime(2026, 3, 2, tzinfo=UTC))
    own.charge(grant).check()


@pytest.mark.databases
def test_a_quota_holds_over_restarts_and_processes(app: Flask, clock: Callable[[datetime], None]) -> None:
    grant = grant_of(daily_quota=5)
    one, other = a_meter(), a_meter()
    for own in (one, other):
        own.charge(grant(), 2).check()
        own.flush()
    assert used(grant().key_id) == (NOON.date(), 4)
    assert a_meter().charge(grant()).budget == Budget(5, 0, 12 * 3600)
    one.charge(grant()).check()
    one.flush()
    for own in (one, other, a_meter()):
        assert isinstance(own.charge(grant()).refusal, QuotaExceeded)


def test_a_process_learns_at_its_own_flush_what_others_have_counted(
    app: Flask, clock: Callable[[datetime], None]
) -> None:
    grant = grant_of(daily_quota=10)()  # As a stream has it, read once.
    one, other = a_meter(), a_meter()
    one.charge(grant).check()
    other.charge(grant, 6).check()
    other.flush()
    one.flush()
    assert one.charge(grant).budget == Budget(10, 2, 12 * 3600)


@pytest.mark.databases
def test_calls_of_yesterday_that_come_late_are_not_of_today(app: Flask, clock: Callable[[datetime], None]) -> None:
    grant = grant_of(daily_quota=10)
    late, own = a_meter(), a_meter()
    late.charge(grant(), 3).check()
    clock(NOON + timedelta(days=1))
    own.charge(grant(), 2).check()
    own.flush()
    late.flush()
    assert used(grant().key_id) == ((NOON + timedelta(days=1)).date(), 2)


def test_what_could_not_be_written_is_written_later(
    app: Flask, clock: Callable[[datetime], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    grant, own = grant_of(daily_quota=10), a_meter()
    own.charge(grant(), 3).check()
    with monkeypatch.context() as away:

        def fail(*_: object) -> None:
            raise OperationalError("", {}, Exception())

        away.setattr(meter, "_store", fail)
        with pytest.raises(OperationalError):
            own.flush()
    own.charge(grant()).check()
    own.flush()
    own.flush()
    assert used(grant().key_id) == (NOON.date(), 4)


def test_a_key_that_is_gone_keeps_nothing_from_being_written(app: Flask, clock: Callable[[datetime], None]) -> None:
    own, grant = a_meter(), grant_of(daily_quota=10)
    own.charge(KeyGrant("gone", frozenset(), daily_quota=5)).check()
    own.charge(grant()).check()
    own.flush()
    assert used(grant().key_id) == (NOON.date(), 1)


def test_counts_of_former_days_are_forgotten_once_they_are_written(
    app: Flask, clock: Callable[[datetime], None]
) -> None:
    own, grant = a_meter(), grant_of(daily_quota=10)
    own.charge(grant()).check()
    clock(NOON + timedelta(days=1))
    own.flush()
    assert own._days == {}


@pytest.fixture
def redis(tmp_path: Path) -> Iterator[RedisServer]:
    yield from redis_or_skip(tmp_path)


def test_processes_with_a_redis_count_together(
    app: Flask, clock: Callable[[datetime], None], redis: RedisServer
) -> None:
    one, other = (KeyMeter(WindowCounts(redis.url, {})) for _ in range(2))
    for limits in ({"rate": 2}, {"daily_quota": 2}):
        grant = KeyGrant("".join(limits), frozenset(), **limits)
        one.charge(grant).check()
        other.charge(grant).check()
        assert [own.charge(grant).refusal is not None for own in (one, other)] == [True, True]
    assert [own.first_this_hour("refused/k/history.show") for own in (one, other)] == [True, False]


def test_a_redis_that_is_away_makes_each_process_count_for_itself(app: Flask) -> None:
    counts = WindowCounts("redis://127.0.0.1:1", {"socket_timeout": 0.1, "socket_connect_timeout": 0.1})
    assert [counts.add("k", 60, NOON) for _ in range(3)] == [1, 2, 3]
