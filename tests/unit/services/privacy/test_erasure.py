from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask

from tests.support.rows import a_row
from tests.unit.services.conftest import Log, make_user
from visionai.database.types import utc_now
from visionai.extensions import db
from visionai.models import AuthSession, PredictionDaily, PredictionHourly, PredictionLog, PredictionTotal, User
from visionai.services.log import retention
from visionai.services.privacy import erasure
from visionai.services.recording.recorder import recorder
from visionai.services.statistics import queries, rebuild
from visionai.services.statistics.filters import Filters

pytestmark = pytest.mark.databases


def test_the_rows_and_their_share_of_the_figures_are_gone(log: Log, user_id: int) -> None:
    for emotion, whose in [("happy", user_id), ("sad", user_id), ("happy", None), ("happy", make_user("otra"))]:
        log(emotion, user_id=whose)
    erasure.delete_predictions(user_id)
    assert db.session.query(PredictionLog).filter_by(user_id=user_id).count() == 0
    for table in (PredictionHourly, PredictionDaily, PredictionTotal):
        assert db.session.query(table).filter_by(user_id=user_id).count() == 0
    assert queries.stats(Filters()).predictions_by_emotion["happy"] == 2
    assert rebuild.check() == []


def test_the_last_prediction_is_then_somebody_elses(log: Log, user_id: int) -> None:
    log("sad", when="2026-01-01T10:10:00")
    log("sad", when="2026-01-01T10:30:00", user_id=user_id)
    erasure.delete_predictions(user_id)
    detail = queries.emotion_detail("sad", Filters())
    assert detail.last_prediction == datetime(2026, 1, 1, 10, 10, tzinfo=UTC)


def test_the_share_of_pruned_rows_goes_too(log: Log, user_id: int) -> None:
    log(when="2026-01-01T10:30:00", user_id=user_id)
    log(when="2026-01-01T10:10:00")
    retention.prune(datetime(2026, 1, 2, tzinfo=UTC))
    erasure.delete_predictions(user_id)
    assert queries.stats(Filters()).total_predictions == 1
    last = queries.emotion_detail("happy", Filters()).last_prediction
    assert last == datetime(2026, 1, 1, 10, tzinfo=UTC)
    assert rebuild.check() == []


def test_rows_on_their_way_are_not_let_in_later(app: Flask, user_id: int) -> None:
    row = a_row(user_id=user_id)
    erasure.delete_predictions(user_id)
    assert recorder.write(row) is None
    assert db.session.query(PredictionLog).count() == 0


def test_later_predictions_are_recorded_again(app: Flask, user_id: int) -> None:
    erasure.delete_predictions(user_id)
    assert recorder.write(a_row(user_id=user_id)) is not None


def test_a_deleted_user_leaves_nothing(log: Log, user_id: int) -> None:
    db.session.add(AuthSession(user_id=user_id, expires_at=utc_now()))
    db.session.commit()
    log(user_id=user_id)
    erasure.delete_user(user_id)
    for table in (User, AuthSession, PredictionLog, PredictionHourly, PredictionDaily, PredictionTotal):
        assert db.session.query(table).count() == 0


def test_erasing_nothing_is_without_harm(log: Log, user_id: int) -> None:
    log()
    erasure.delete_predictions(user_id)
    assert rebuild.check() == []


def test_erasing_while_rows_are_recorded_leaves_none_from_before(app: Flask, user_id: int) -> None:
    recorded = threading.Event()

    def record() -> None:
        with app.app_context():
            for _ in range(200):
                recorder.offer(a_row(user_id=user_id))
                recorder.write(a_row())
        recorded.set()

    thread = threading.Thread(target=record)
    thread.start()
    while not recorded.is_set():
        erasure.delete_predictions(user_id)
    thread.join()
    recorder.flush()
    erased_at = db.session.get_one(User, user_id).predictions_erased_at
    assert erased_at is not None
    theirs = db.session.query(PredictionLog).filter_by(user_id=user_id)
    assert theirs.filter(PredictionLog.timestamp <= erased_at).count() == 0
    assert rebuild.check() == []


def test_rows_of_a_clock_that_was_ahead_are_erased_too(log: Log, user_id: int) -> None:
    ahead = utc_now() + timedelta(hours=1)
    log(when=f"{ahead:%Y-%m-%dT%H:%M:%S}", user_id=user_id)
    erasure.delete_predictions(user_id)
    assert db.session.query(PredictionLog).count() == 0
    assert rebuild.check() == []
