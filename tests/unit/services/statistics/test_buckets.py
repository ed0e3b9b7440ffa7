from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from visionai.errors import ValidationFailed
from visionai.services.statistics import buckets as module
from visionai.services.statistics.buckets import buckets_of
from visionai.services.statistics.filters import Period

OPEN = Period(None, None)


def at(*moment: int) -> datetime:
    return datetime(*moment, tzinfo=UTC)  # type: ignore[arg-type]


@pytest.fixture(autouse=True)
def _now(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "utc_now", lambda: at(2026, 3, 10, 2, 30))


@pytest.mark.parametrize(
    ("zone", "last", "starts"),
    [
        ("UTC", "2026-03-10", at(2026, 3, 10)),
        ("America/Bogota", "2026-03-09", at(2026, 3, 9, 5)),
        ("Asia/Kolkata", "2026-03-10", at(2026, 3, 9, 18, 30)),
        ("Pacific/Kiritimati", "2026-03-10", at(2026, 3, 9, 10)),
    ],
)
def test_the_last_day_is_today_where_one_is(zone: str, last: str, starts: datetime) -> None:
    buckets = buckets_of(OPEN, 7, "day", ZoneInfo(zone))
    assert (buckets.names[-1], buckets.starts[-1]) == (last, starts)
    assert len(buckets.names) == buckets.days == 7


@pytest.mark.parametrize(("zone", "whole"), [("UTC", True), ("America/Bogota", False), ("Africa/Abidjan", True)])
def test_days_of_utc_are_known_as_such(zone: str, whole: bool) -> None:
    assert buckets_of(OPEN, 3, "day", ZoneInfo(zone)).are_days_of_utc is whole


def test_steps_are_the_callers_own_though_days_are_remembered() -> None:
    buckets_of(OPEN, 3, "day", ZoneInfo("UTC")).starts.clear()
    assert len(buckets_of(OPEN, 3, "day", ZoneInfo("UTC")).starts) == 3


def test_days_that_begin_or_end_within_one_of_utc_are_not_whole() -> None:
    for period in (Period(at(2026, 3, 8, 1), at(2026, 3, 10)), Period(at(2026, 3, 8), at(2026, 3, 9, 23))):
        assert not buckets_of(period, 7, "day", ZoneInfo("UTC")).are_days_of_utc
    assert buckets_of(Period(at(2026, 3, 8), at(2026, 3, 10)), 7, "day", ZoneInfo("UTC")).are_days_of_utc


@pytest.mark.parametrize(
    ("zone", "day", "hours"),
    [
        ("Europe/Madrid", at(2026, 3, 29), 23),
        ("Europe/Madrid", at(2026, 10, 25), 25),
        ("America/Santiago", at(2026, 9, 6, 4), 23),  # there the clock leaves out midnight itself
        ("Asia/Kolkata", at(2026, 3, 8, 19), 24),
    ],
)
def test_a_day_has_the_hours_its_clock_has(
    monkeypatch: pytest.MonkeyPatch, zone: str, day: datetime, hours: int
) -> None:
    monkeypatch.setattr(module, "utc_now", lambda: day)
    buckets = buckets_of(OPEN, 1, "hour", ZoneInfo(zone))
    assert len(buckets.starts) == len(set(buckets.names)) == hours
    assert {datetime.fromisoformat(name).date() for name in buckets.names} == {day.astimezone(ZoneInfo(zone)).date()}


def test_a_period_overrides_the_days() -> None:
    buckets = buckets_of(Period(at(2026, 1, 1, 10), at(2026, 1, 3)), 7, "day", ZoneInfo("UTC"))
    assert buckets.names == ["2026-01-01", "2026-01-02"]
    assert buckets.starts[0] == at(2026, 1, 1, 10)
    assert buckets.period == Period(at(2026, 1, 1, 10), at(2026, 1, 3))


def test_a_period_may_be_open_at_one_end() -> None:
    assert buckets_of(Period(at(2026, 3, 8), None), 7, "day", ZoneInfo("UTC")).names[0] == "2026-03-08"
    assert buckets_of(Period(None, at(2026, 3, 8)), 2, "day", ZoneInfo("UTC")).names == ["2026-03-06", "2026-03-07"]


@pytest.mark.parametrize("since", [at(2026, 3, 11), at(2030, 1, 1)])
def test_a_period_that_has_not_begun_is_without_harm(since: datetime) -> None:
    buckets = buckets_of(Period(since, None), 7, "day", ZoneInfo("UTC"))
    assert (buckets.starts, buckets.days) == ([], 0)


def test_an_empty_period_has_no_steps() -> None:
    assert buckets_of(Period(at(2026, 1, 1), at(2026, 1, 1)), 7, "day", ZoneInfo("UTC")).starts == []


@pytest.mark.parametrize(
    ("bucket", "period"),
    [
        ("day", Period(at(2024, 1, 1), at(2026, 1, 1))),
        ("day", Period(at(1970, 1, 1), None)),
        ("hour", Period(at(2026, 1, 1), at(2026, 1, 9))),
    ],
)
def test_a_period_that_is_too_long_is_refused(bucket: str, period: Period) -> None:
    with pytest.raises(ValidationFailed):
        buckets_of(period, 7, bucket, ZoneInfo("UTC"))  # type: ignore[arg-type]
