"""What only the log knows: minutes, sessions, versions and sources, counted within bounds."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from flask import Flask
from sqlalchemy import event, text

from tests.support.readings import Reading, record
from tests.unit.services.conftest import Log, make_user
from visionai.contract.session_fields import SessionSource
from visionai.errors import ValidationFailed
from visionai.extensions import db
from visionai.services.sessions import runs
from visionai.services.statistics import buckets, log_sums, queries
from visionai.services.statistics.buckets import TooManyMinutes
from visionai.services.statistics.filters import Filters, Period, ReadingSource
from visionai.services.statistics.log_sums import TooManyReadings
from visionai.vision.emotions import EMOTIONS

pytestmark = pytest.mark.databases

UTC_ZONE = ZoneInfo("UTC")
NOTHING = {emotion.value: 0 for emotion in EMOTIONS}


def at(*moment: int) -> datetime:
    return datetime(2026, 1, 1, *moment, tzinfo=UTC)


@contextmanager
def statements() -> Iterator[list[tuple[str, Any]]]:
    """Collect what is asked of the database, with its parameters."""
    asked: list[tuple[str, Any]] = []

    def note(_connection: object, _cursor: object, statement: str, parameters: Any, *_: object) -> None:
        asked.append((statement, parameters))

    event.listen(db.engine, "before_cursor_execute", note)
    yield asked
    event.remove(db.engine, "before_cursor_execute", note)


def allow(monkeypatch: pytest.MonkeyPatch, rows: int) -> None:
    monkeypatch.setattr(log_sums, "MAX_ROWS", dict.fromkeys(log_sums.MAX_ROWS, rows))


def test_minutes_are_counted_one_by_one_and_empty_ones_too(log: Log) -> None:
    for moment in (at(10, 0, 59), at(10, 2), at(10, 2, 30), at(10, 3)):
        log("sad", timestamp=moment)
    found = queries.timeline(Filters(since=at(10), until=at(10, 3)), 7, "minute", ZoneInfo("America/Bogota"))
    assert [(step.date, step.count) for step in found.timeline] == [
        ("2026-01-01T05:00:00-05:00", 1),
        ("2026-01-01T05:01:00-05:00", 0),
        ("2026-01-01T05:02:00-05:00", 2),
    ]
    assert found.bucket == "minute"


def test_a_period_to_the_minute_is_counted_to_the_minute_and_told(log: Log) -> None:
    for minute in (9, 10, 19, 20):
        log(timestamp=at(10, minute))
    filters = Filters(since=at(10, 10, 30), until=at(10, 20, 30), by_minute=True)
    found = queries.stats(filters)
    assert (found.total_predictions, found.period) == (2, Period(at(10, 10), at(10, 20)))
    assert queries.stats(replace(filters, by_minute=False)).total_predictions == 0


def test_hours_of_a_period_to_the_minute_begin_where_it_does(log: Log) -> None:
    for moment in (at(9, 50), at(10, 10), at(11, 5)):
        log(timestamp=moment)
    filters = Filters(since=at(9, 40), until=at(11, 10), by_minute=True)
    found = queries.timeline(filters, 7, "hour", UTC_ZONE)
    assert [(step.date[11:16], step.count) for step in found.timeline] == [("09:40", 1), ("10:00", 1), ("11:00", 1)]


@pytest.mark.parametrize(
    ("since", "until"), [(at(0), at(6, 1)), (at(0), None), (None, at(6))], ids=["too long", "open", "without an end"]
)
def test_more_than_six_hours_of_minutes_are_refused_by_name(
    app: Flask, since: datetime | None, until: datetime | None
) -> None:
    with pytest.raises(TooManyMinutes, match="at most 6 hours for minutes") as refused:
        queries.stats(Filters(since=since, until=until, by_minute=True))
    assert list(refused.value.details) == ["since"]


def test_six_hours_up_to_now_are_not_too_many_minutes(log: Log, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(buckets, "utc_now", lambda: at(12, 30, 20))
    log(timestamp=at(12, 30, 10))
    found = queries.timeline(Filters(since=at(6, 31)), 1, "minute", UTC_ZONE)
    assert (len(found.timeline), found.timeline[-1].count) == (360, 1)


def test_a_version_is_told_from_others(log: Log) -> None:
    log("happy", model_version_tag="v1.0.0", timestamp=at(10, 5))
    log("sad", model_version_tag="v1.1.0", timestamp=at(11, 5), confidence=0.6)
    filters = Filters(version="v1.1.0")
    assert queries.stats(filters).predictions_by_emotion == NOTHING | {"sad": 1}
    assert queries.emotion_detail("sad", filters).average_confidence == 0.6
    hours = queries.timeline(replace(filters, since=at(10), until=at(12)), 7, "hour", UTC_ZONE)
    assert [step.count for step in hours.timeline] == [0, 1]
    assert queries.stats(Filters(version="v9")).total_predictions == 0


def test_days_of_a_version_are_those_of_the_time_zone(log: Log) -> None:
    log(timestamp=at(4, 59))
    log(timestamp=at(5, 0))
    filters = Filters(version="v1.0.0", since=at(0) - timedelta(hours=19), until=at(0) + timedelta(hours=29))
    found = queries.timeline(filters, 7, "day", ZoneInfo("America/Bogota"))
    assert [(step.date, step.count) for step in found.timeline] == [("2025-12-31", 1), ("2026-01-01", 1)]


@pytest.mark.parametrize("source", ReadingSource)
def test_sources_are_told_apart(log: Log, source: ReadingSource) -> None:
    log("happy", frames=None)  # From before frames were counted: of no known source.
    log("sad", frames=1)
    log("fear", frames=9)
    for number, name in enumerate(SessionSource):
        begun = runs.start(None, source=name).session
        record(begun, [Reading(emotion=["angry", "disgust", "surprise"][number], frames=number + 1)])
    seen = {"picture": "sad", "stream": "fear", "camera": "angry", "video": "disgust", "api": "surprise"}
    found = queries.stats(Filters(source=source))
    assert {name: count for name, count in found.predictions_by_emotion.items() if count} == {seen[source]: 1}


def test_a_session_is_told_from_others(log: Log) -> None:
    log()
    one, other = runs.start(None).session, runs.start(None).session
    record(one, [Reading(0, emotion="sad"), Reading(1000, emotion="sad", share=0.4)])
    record(other, [Reading(0)])
    found = queries.stats(Filters(session_id=one.session_id))
    assert (found.total_predictions, found.predictions_by_emotion["sad"], found.uncertain_share) == (2, 2, 0.5)


def test_the_uncertain_are_counted_where_they_are_asked_for_and_few(log: Log, monkeypatch: pytest.MonkeyPatch) -> None:
    for uncertain in (None, True, False, False):
        log(uncertain=uncertain)
    assert queries.stats(Filters()).uncertain_share is None
    assert queries.stats(Filters(), with_uncertain=True).uncertain_share == pytest.approx(1 / 3, abs=1e-4)
    monkeypatch.setattr(log_sums, "MAX_ROWS_UNASKED", 3)
    assert queries.stats(Filters(), with_uncertain=True).uncertain_share is None


def test_rows_that_do_not_say_whether_they_are_uncertain_have_no_share(log: Log) -> None:
    log(uncertain=None)
    assert queries.stats(Filters(), with_uncertain=True).uncertain_share is None


@pytest.mark.parametrize(
    "filters",
    [
        Filters(version="v1.0.0"),
        Filters(source=ReadingSource.PICTURE),
        Filters(emotion="happy", version="v1.0.0"),
        Filters(since=at(10), until=at(11), by_minute=True),
    ],
)
def test_too_many_readings_are_refused_before_one_is_read(
    log: Log, monkeypatch: pytest.MonkeyPatch, filters: Filters
) -> None:
    for _ in range(3):
        log(timestamp=at(10, 30))
    allow(monkeypatch, 2)
    with statements() as asked, pytest.raises(TooManyReadings, match="Choose a shorter one") as refused:
        queries.stats(filters)
    assert not any("predictions_log" in statement for statement, _ in asked)
    assert list(refused.value.details) == ["since"]
    allow(monkeypatch, 3)
    queries.stats(filters)


def test_a_shorter_period_is_not_refused(log: Log, monkeypatch: pytest.MonkeyPatch) -> None:
    for hour in (10, 11, 12):
        log(timestamp=at(hour, 30))
    allow(monkeypatch, 2)
    filters = Filters(version="v1.0.0", since=at(11), until=at(12, 10))
    with pytest.raises(TooManyReadings):  # What is counted ends within the hour, which the counters have as a whole.
        queries.stats(replace(filters, by_minute=True, since=at(10)))
    assert queries.stats(filters).total_predictions == 1


def test_the_bound_is_that_of_the_rows_an_index_finds(log: Log, monkeypatch: pytest.MonkeyPatch) -> None:
    user = make_user("otra")
    for emotion, whose in (("happy", None), ("happy", None), ("sad", user)):
        log(emotion, user_id=whose)
    allow(monkeypatch, 1)
    assert queries.stats(Filters(user, version="v1.0.0")).total_predictions == 1
    assert queries.stats(Filters(emotion="sad", version="v1.0.0")).total_predictions == 1
    with pytest.raises(ValidationFailed):
        queries.stats(Filters(user, "happy", version="v1.0.0"))


@pytest.mark.parametrize(
    ("since", "until", "bucket"),
    [
        (at(10), at(16), "minute"),
        (at(0), at(23), "hour"),
        (at(0) - timedelta(days=3), at(0), "day"),
    ],
)
def test_the_step_that_fits_is_found(app: Flask, since: datetime, until: datetime, bucket: str) -> None:
    assert queries.timeline(Filters(since=since, until=until), 7, "auto", UTC_ZONE).bucket == bucket


def test_where_minutes_are_too_much_to_count_hours_are_shown(log: Log, monkeypatch: pytest.MonkeyPatch) -> None:
    for _ in range(3):
        log(timestamp=at(10, 30))
    allow(monkeypatch, 2)
    found = queries.timeline(Filters(since=at(10), until=at(12)), 7, "auto", UTC_ZONE)
    assert (found.bucket, [step.count for step in found.timeline]) == ("hour", [3, 0])


@pytest.mark.parametrize(
    "filters",
    [
        Filters(since=at(10), until=at(12), by_minute=True),
        Filters(version="v1.0.0", since=at(10), until=at(12)),
        Filters(source=ReadingSource.CAMERA, since=at(10), until=at(12)),
        Filters(session_id=1, since=at(10), until=at(12), by_minute=True),
        Filters(user_id=1, version="v1.0.0", since=at(10), until=at(12)),
        Filters(emotion="sad", version="v1.0.0", since=at(10), until=at(12)),
    ],
    ids=["minutes", "version", "source", "session", "user", "emotion"],
)
def test_the_log_is_read_by_an_index(log: Log, filters: Filters) -> None:
    log(timestamp=at(10, 30))
    with statements() as asked:
        log_sums.sums(filters)
    statement, parameters = next(pair for pair in asked if "FROM predictions_log" in pair[0])
    lite = db.engine.dialect.name == "sqlite"
    with db.engine.begin() as connection:
        if not lite:  # So few rows are best read as they come.
            connection.execute(text("SET LOCAL enable_seqscan = off"))
        rows = connection.exec_driver_sql(f"EXPLAIN {'QUERY PLAN' if lite else ''} {statement}", parameters).all()
    plan = "\n".join(str(row[-1]) for row in rows)
    assert re.search("SEARCH predictions_log USING INDEX" if lite else "(Index|Bitmap).* predictions_log", plan), plan
    assert "SCAN predictions_log" not in plan, plan
    assert "Seq Scan on predictions_log" not in plan, plan
