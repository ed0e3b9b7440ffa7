"""Which versions of the weights read when."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from flask import Flask

from tests.unit.services.conftest import Log
from visionai.services.statistics import queries, versions
from visionai.services.statistics.filters import Filters

pytestmark = pytest.mark.databases

START = datetime(2026, 1, 1, tzinfo=UTC)
CLOSE = timedelta(seconds=10)


def changes(days: int = 30, bucket: str = "day") -> list[tuple[str, datetime]]:
    filters = Filters(since=START, until=START + timedelta(days=days))
    found = queries.timeline(filters, 7, bucket, ZoneInfo("UTC"), with_versions=True)  # type: ignore[arg-type]
    return [(change.model_version_tag, change.since) for change in found.versions]


def test_no_reading_has_no_version(app: Flask) -> None:
    assert changes() == []


def test_nothing_is_looked_for_unless_it_is_asked_for(log: Log) -> None:
    log(timestamp=START)
    assert queries.timeline(Filters(since=START), 7, "auto", ZoneInfo("UTC")).versions == []


def test_a_version_that_stays_is_one_from_its_first_reading_on(log: Log) -> None:
    for day in (3, 9, 20):
        log(timestamp=START + timedelta(days=day, hours=5))
    assert changes() == [("v1.0.0", START + timedelta(days=3, hours=5))]


@pytest.mark.parametrize("every", [timedelta(minutes=7), timedelta(hours=5), timedelta(days=2)])
@pytest.mark.parametrize("after", [timedelta(days=11, hours=13, minutes=31, seconds=7), timedelta(minutes=1)])
def test_a_change_is_found_about_to_the_second(log: Log, every: timedelta, after: timedelta) -> None:
    change = START + after
    moment, first = START, None
    while moment < START + timedelta(days=13):
        new = moment >= change
        first = first or (moment if new else None)
        if abs(moment - change) < 20 * every:
            log(timestamp=moment, model_version_tag="v1.1.0" if new else "v1.0.0")
        moment += every
    assert first is not None
    (old, _), (tag, found) = changes()
    assert (old, tag) == ("v1.0.0", "v1.1.0")
    assert abs(found - first) <= CLOSE


def test_a_version_that_came_back_is_told_again(log: Log) -> None:
    for day, tag in enumerate(["v1.0.0", "v1.1.0", "v1.0.0", "v1.2.0"]):
        log(timestamp=START + timedelta(days=day, hours=1), model_version_tag=tag)
    assert [tag for tag, _ in changes()] == ["v1.0.0", "v1.1.0", "v1.0.0", "v1.2.0"]


def test_only_so_many_changes_are_told(log: Log, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(versions, "MAX_CHANGES", 2)
    for day in range(6):
        log(timestamp=START + timedelta(days=day), model_version_tag=f"v1.{day % 2}.0")
    assert len(changes()) == 3


def test_all_versions_are_listed_the_newest_first(log: Log) -> None:
    for tag in ("v1.0.0", "v1.1.0"):
        log(model_version_tag=tag)
    assert versions.all_tags() == ["v1.1.0", "v1.0.0"]
