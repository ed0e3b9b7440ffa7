from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import delete, update

from tests.support.rows import a_row
from tests.unit.services.conftest import Log
from visionai.extensions import db
from visionai.models import LogState, PredictionDaily, PredictionHourly, PredictionTotal
from visionai.services.log import retention
from visionai.services.recording.recorder import recorder
from visionai.services.statistics import queries, rebuild
from visionai.services.statistics.filters import Filters
from visionai.services.statistics.rebuild import Difference

pytestmark = pytest.mark.databases

TABLES = (PredictionHourly, PredictionDaily, PredictionTotal)


def at(*moment: int) -> datetime:
    return datetime(2026, 1, *moment, tzinfo=UTC)


@pytest.fixture
def some_days(log: Log, user_id: int) -> None:
    """Predictions of two days, of the user and of nobody."""
    for when in ("2026-01-01T10:30:00", "2026-01-01T23:59:59", "2026-01-02T00:00:00"):
        log("happy", when=when, user_id=user_id)
        log("sad", when=when)


def test_figures_that_were_lost_are_counted_again(some_days: None) -> None:
    before = queries.stats(Filters())
    for table in TABLES:
        db.session.execute(delete(table))
    db.session.commit()
    rebuild.rebuild()
    assert queries.stats(Filters()) == before
    assert rebuild.check() == []


def test_figures_of_what_never_was_are_removed(some_days: None) -> None:
    for table, period in (
        (PredictionHourly, {"hour": at(3)}),
        (PredictionDaily, {"day": at(4)}),
        (PredictionTotal, {}),
    ):
        db.session.add(table(user_id=999, emotion_id=1, count=5, confidence_sum=1.0, last_timestamp=at(3), **period))
    db.session.commit()
    rebuild.rebuild()
    assert rebuild.check() == []
    assert queries.stats(Filters()).total_predictions == 6


@pytest.mark.parametrize("table", TABLES)
def test_a_figure_that_is_wrong_is_told(some_days: None, table: type) -> None:
    db.session.execute(update(table).where(table.user_id == 0, table.emotion_id == 4).values(count=9))
    db.session.commit()
    told = [difference for difference in rebuild.check() if difference.table == table.__tablename__]
    assert told
    assert {(one.user_id, one.emotion_id, one.kept) for one in told} == {(0, 4, 9)}


def test_the_difference_is_told_in_full(log: Log) -> None:
    log("happy", when="2026-01-01T10:30:00")
    db.session.execute(update(PredictionHourly).values(count=2))
    db.session.execute(update(PredictionDaily).values(count=2))
    db.session.execute(update(PredictionTotal).values(count=2))
    db.session.commit()
    assert rebuild.check() == [Difference("prediction_hourly", at(1, 10), 0, 4, counted=1, kept=2)]


def test_what_was_pruned_stays_as_it_was_counted(some_days: None) -> None:
    assert retention.prune(at(1, 23, 30)) == 2
    assert rebuild.rebuild() == 2
    assert queries.stats(Filters()).total_predictions == 6
    assert rebuild.check() == []


def test_pruning_never_goes_back(some_days: None) -> None:
    retention.prune(at(2))
    retention.prune(at(1))
    assert db.session.get_one(LogState, 1).pruned_before == at(2)


def test_nothing_is_rebuilt_from_nothing(app: Flask) -> None:
    assert rebuild.rebuild() == 0
    assert rebuild.check() == []


def test_a_rebuild_while_rows_are_recorded_loses_none(app: Flask) -> None:
    start = datetime.now(UTC) - timedelta(days=2)
    done = threading.Event()

    def record() -> None:
        with app.app_context():
            for number in range(300):
                recorder.write(a_row(timestamp=start + timedelta(minutes=10 * number)))
        done.set()

    thread = threading.Thread(target=record)
    thread.start()
    while not done.is_set():
        rebuild.rebuild()
    thread.join()
    assert rebuild.check() == []
    assert queries.stats(Filters()).total_predictions == 300
