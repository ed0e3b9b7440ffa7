from __future__ import annotations

from datetime import UTC, datetime
from itertools import product
from zoneinfo import ZoneInfo

import pytest
from flask import Flask
from sqlalchemy import event

from tests.unit.services.conftest import Log, make_user
from visionai.extensions import db
from visionai.services.statistics import buckets, queries
from visionai.services.statistics.filters import Filters, Period
from visionai.vision.emotions import EMOTIONS

pytestmark = pytest.mark.databases

UTC_ZONE = ZoneInfo("UTC")


def at(*moment: int) -> datetime:
    return datetime(2026, 1, *moment, tzinfo=UTC)


def test_figures_of_nothing_are_none(app: Flask) -> None:
    stats = queries.stats(Filters())
    assert (stats.total_predictions, stats.most_common_emotion, stats.average_confidence) == (0, None, None)
    assert stats.predictions_by_emotion == {emotion.value: 0 for emotion in EMOTIONS}


def test_stats_count_by_emotion_and_average(log: Log) -> None:
    for emotion, confidence in [("sad", 0.5), ("happy", 0.9), ("happy", 0.7)]:
        log(emotion, confidence=confidence)
    stats = queries.stats(Filters())
    assert stats.most_common_emotion == queries.MostCommon("happy", 2)
    assert (stats.total_predictions, stats.average_confidence) == (3, 0.7)


def test_a_tie_goes_to_the_lower_id(log: Log) -> None:
    for emotion in ("surprise", "disgust", "sad"):
        log(emotion)
    assert queries.stats(Filters()).most_common_emotion == queries.MostCommon("disgust", 1)


def test_a_users_figures_are_their_own(log: Log, user_id: int) -> None:
    log(user_id=user_id)
    log(user_id=make_user("otra"))
    log()
    assert queries.stats(Filters(user_id)).total_predictions == 1


# An hour before, at, and after the start of days and hours: every way in which a period can be cut.
ENDS = [None, at(1, 0), at(1, 11), at(2, 0), at(2, 23), at(3, 0), at(3, 5), at(4, 0)]


def test_a_period_holds_what_lies_in_it(log_of_days: list[datetime]) -> None:
    for since, until in product(ENDS, ENDS):
        inside = [moment for moment in log_of_days if (not since or moment >= since) and (not until or moment < until)]
        assert queries.stats(Filters(since=since, until=until)).total_predictions == len(inside), (since, until)


@pytest.fixture
def log_of_days(log: Log) -> list[datetime]:
    """Predictions all over three days."""
    moments = [at(1, 0), at(1, 10), at(1, 11), at(1, 23), at(2, 0), at(2, 22), at(2, 23), at(3, 4), at(3, 5)]
    for moment in moments:
        log(timestamp=moment)
    return moments


def test_a_period_is_rounded_down_to_hours_and_told(app: Flask) -> None:
    filters = Filters(since=at(1, 10, 59), until=at(1, 12, 1))
    assert queries.stats(filters).period == Period(at(1, 10), at(1, 12))


def test_an_emotion_narrows_the_stats(log: Log) -> None:
    log("happy")
    log("sad")
    stats = queries.stats(Filters(emotion="sad"))
    assert (stats.total_predictions, stats.predictions_by_emotion["happy"]) == (1, 0)


def test_one_emotion_in_detail(log: Log) -> None:
    log("sad", confidence=0.6, when="2026-01-01T10:30:00")
    log("sad", confidence=0.8, when="2026-01-01T09:30:00")
    log("happy")
    detail = queries.emotion_detail("sad", Filters(emotion="happy"))
    assert (detail.total_predictions, detail.average_confidence, detail.percentage) == (2, 0.7, 66.67)
    assert detail.last_prediction == at(1, 10, 30)


def test_an_emotion_never_seen_has_no_figures(app: Flask) -> None:
    detail = queries.emotion_detail("fear", Filters())
    assert (detail.average_confidence, detail.last_prediction, detail.percentage) == (None, None, 0.0)


def test_a_timeline_counts_each_day_and_empty_ones_as_zero(log: Log) -> None:
    log("happy", when="2026-01-01T23:59:59")
    log("sad", when="2026-01-03T00:00:00")
    timeline = queries.timeline(Filters(since=at(1), until=at(4)), 7, "day", UTC_ZONE)
    assert [(step.date, step.count) for step in timeline.timeline] == [
        ("2026-01-01", 1),
        ("2026-01-02", 0),
        ("2026-01-03", 1),
    ]
    assert timeline.timeline[2].by_emotion["sad"] == 1
    assert timeline.period_days == 3


@pytest.mark.parametrize("zone", ["UTC", "America/Lima", "Asia/Kolkata", "Pacific/Kiritimati"])
@pytest.mark.parametrize("hour", range(0, 24, 3))
def test_a_timeline_of_today_holds_what_was_seen_just_now(
    log: Log, monkeypatch: pytest.MonkeyPatch, zone: str, hour: int
) -> None:
    now = at(10, hour, 50)
    monkeypatch.setattr(buckets, "utc_now", lambda: now)
    log(timestamp=now)
    timeline = queries.timeline(Filters(), 365, "day", ZoneInfo(zone))
    # From 18:30 to 19:00 it is the next day in Kolkata, in an hour of UTC that began on the day before.
    straddles = zone == "Asia/Kolkata" and hour == 18
    assert [step.count for step in timeline.timeline[-2:]] == ([1, 0] if straddles else [0, 1])
    assert len(timeline.timeline) == 365


@pytest.mark.parametrize(
    ("zone", "when", "day"),
    [
        ("America/Bogota", "2026-01-02T04:59:59", "2026-01-01"),
        ("America/Bogota", "2026-01-02T05:00:00", "2026-01-02"),
        ("Asia/Tokyo", "2026-01-01T15:00:00", "2026-01-02"),
        # The hour from 18:00 begins on the first day there, and all of it counts for that.
        ("Asia/Kolkata", "2026-01-01T18:45:00", "2026-01-01"),
        ("Asia/Kolkata", "2026-01-01T19:00:00", "2026-01-02"),
    ],
)
def test_days_are_those_of_the_time_zone(log: Log, zone: str, when: str, day: str) -> None:
    log(when=when)
    timeline = queries.timeline(Filters(since=at(1), until=at(4)), 7, "day", ZoneInfo(zone))
    assert [step.date for step in timeline.timeline if step.count] == [day]


def test_by_the_hour_steps_are_instants_of_the_time_zone(log: Log) -> None:
    log(when="2026-01-01T10:30:00")
    timeline = queries.timeline(Filters(since=at(1, 9), until=at(1, 12)), 7, "hour", ZoneInfo("America/Bogota"))
    assert [(step.date, step.count) for step in timeline.timeline] == [
        ("2026-01-01T04:00:00-05:00", 0),
        ("2026-01-01T05:00:00-05:00", 1),
        ("2026-01-01T06:00:00-05:00", 0),
    ]


def test_a_timeline_starts_within_its_period(log: Log) -> None:
    log(when="2026-01-01T09:30:00")
    log(when="2026-01-01T10:30:00")
    timeline = queries.timeline(Filters(since=at(1, 10), until=at(2)), 7, "day", UTC_ZONE)
    assert [step.count for step in timeline.timeline] == [1]


def test_a_timeline_can_be_a_users_and_an_emotions(log: Log, user_id: int) -> None:
    for emotion, whose in [("happy", user_id), ("sad", user_id), ("happy", None)]:
        log(emotion, user_id=whose)
    (today,) = queries.timeline(Filters(user_id, "happy"), 1, "day", UTC_ZONE).timeline
    assert today.count == 1


def test_users_have_their_totals(log: Log, user_id: int) -> None:
    idle = make_user("otra")
    log("happy", confidence=0.7, user_id=user_id)
    log("sad", confidence=0.9, user_id=user_id)
    log()
    users = {user.user_id: (user.total_predictions, user.average_confidence) for user in queries.users_overview()}
    assert users == {user_id: (2, 0.8), idle: (0, None)}


def test_no_figure_is_counted_from_the_log(log: Log) -> None:
    log()
    questions: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        if statement.startswith("SELECT"):
            questions.append(statement)

    event.listen(db.engine, "before_cursor_execute", note)
    queries.stats(Filters(since=at(1, 5), until=at(3, 7)))
    queries.emotion_detail("sad", Filters())
    queries.timeline(Filters(), 30, "day", ZoneInfo("America/Lima"))
    queries.users_overview()
    event.remove(db.engine, "before_cursor_execute", note)
    assert len(questions) == 4
    assert not any("predictions_log" in question for question in questions)
