from __future__ import annotations

import random
import threading
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import delete, func, select, update
from sqlalchemy.exc import OperationalError, SQLAlchemyError

from tests.support.rows import a_row
from tests.unit.services.conftest import make_user
from visionai.extensions import db
from visionai.models import (
    ModelVersion,
    PredictionDaily,
    PredictionHourly,
    PredictionLog,
    PredictionTotal,
    User,
)
from visionai.services.recording import ledger as ledger_module
from visionai.services.recording.ledger import Ledger
from visionai.services.recording.row import Row
from visionai.services.statistics import rebuild

pytestmark = pytest.mark.databases


@pytest.fixture
def ledger(app: Flask) -> Ledger:
    return Ledger(db.engine)


def logged() -> list[UUID]:
    return list(db.session.scalars(select(PredictionLog.uid).order_by(PredictionLog.predic_id)))


def figures(table: type, *columns: str) -> list[tuple]:
    chosen = [getattr(table, name) for name in columns]
    return [tuple(row) for row in db.session.execute(select(*chosen).order_by(*chosen))]


def test_rows_are_logged_with_all_their_fields(ledger: Ledger, user_id: int) -> None:
    row = a_row("sad", confidence=0.61, user_id=user_id, source_ip="2001:db8::")
    ids = ledger.record([row])
    kept = db.session.query(PredictionLog).one()
    assert ids == {row.uid: kept.predic_id}
    assert (kept.uid, kept.emotion_id, kept.confidence, kept.user_id) == (row.uid, 6, 0.61, user_id)
    assert (kept.processing_time_ms, kept.source_ip, kept.timestamp) == (7, "2001:db8::", row.timestamp)


def test_a_row_counts_for_everybody_and_for_its_user(ledger: Ledger, user_id: int) -> None:
    ledger.record([a_row(user_id=user_id), a_row()])
    assert figures(PredictionTotal, "user_id", "emotion_id", "count") == [(0, 4, 2), (user_id, 4, 1)]


def test_figures_are_kept_by_hour_by_day_and_in_all(ledger: Ledger) -> None:
    for when in ("2026-01-01T10:59:59.999999", "2026-01-01T11:00:00", "2026-01-02T00:00:00"):
        ledger.record([a_row(when=when)])

    def at(*moment: int) -> datetime:
        return datetime(2026, 1, *moment, tzinfo=UTC)

    assert figures(PredictionHourly, "hour", "count") == [(at(1, 10), 1), (at(1, 11), 1), (at(2, 0), 1)]
    assert figures(PredictionDaily, "day", "count") == [(at(1), 2), (at(2), 1)]
    assert figures(PredictionTotal, "count", "last_timestamp") == [(3, at(2, 0))]


def test_the_last_timestamp_is_the_latest_and_not_the_last_written(ledger: Ledger) -> None:
    late, early = a_row(when="2026-01-01T10:30:00"), a_row(when="2026-01-01T10:10:00")
    ledger.record([late])
    ledger.record([early])
    assert figures(PredictionHourly, "last_timestamp") == [(late.timestamp,)]


def test_a_row_that_is_tried_again_is_one_row_and_has_one_id(ledger: Ledger) -> None:
    first, second = a_row(), a_row()
    ids = ledger.record([first])
    assert ledger.record([first, second])[first.uid] == ids[first.uid]
    assert logged() == [first.uid, second.uid]
    assert figures(PredictionTotal, "count") == [(2,)]


def test_a_row_twice_in_one_batch_is_one_row(ledger: Ledger) -> None:
    row = a_row()
    ledger.record([row, row])
    assert figures(PredictionTotal, "count") == [(1,)]


def test_an_unknown_version_is_recorded_as_seen(ledger: Ledger) -> None:
    ledger.record([a_row(model_version_tag="v9"), a_row(model_version_tag="v9")])
    assert [(one.model_version_tag, one.model_status) for one in db.session.query(ModelVersion)] == [("v9", "seen")]


def test_a_version_that_was_deleted_meanwhile_is_made_again(ledger: Ledger) -> None:
    ledger.record([a_row()])
    db.session.execute(delete(PredictionLog))
    db.session.execute(delete(ModelVersion))
    db.session.commit()
    assert len(ledger.record([a_row(), a_row()])) == 2


def test_rows_of_a_user_who_is_gone_are_left_out(ledger: Ledger, user_id: int) -> None:
    db.session.execute(delete(User))
    db.session.commit()
    orphan, other = a_row(user_id=user_id), a_row()
    assert ledger.record([orphan, other]).keys() == {other.uid}
    assert logged() == [other.uid]


def test_rows_from_before_an_erasure_are_left_out_and_later_ones_are_not(ledger: Ledger, user_id: int) -> None:
    now = datetime.now(UTC)
    db.session.get_one(User, user_id).predictions_erased_at = now
    db.session.commit()
    before, after = (a_row(user_id=user_id, timestamp=now + timedelta(seconds=seconds)) for seconds in (0, 1))
    ledger.record([before, after])
    assert logged() == [after.uid]


@pytest.mark.parametrize("bad", [{"emotion_id": 8}, {"confidence": 1.5}, {"confidence": float("nan")}])
def test_a_row_that_the_database_refuses_does_not_hold_up_the_others(ledger: Ledger, bad: dict[str, object]) -> None:
    good = [a_row(), a_row()]
    ledger.record([good[0], a_row(**bad), good[1]])
    assert logged() == [row.uid for row in good]
    assert rebuild.check() == []
    assert (ledger.committed, ledger.refused) == (2, 1)


def test_nothing_at_all_may_be_recorded(ledger: Ledger) -> None:
    assert ledger.record([]) == {}


def test_figures_and_log_agree_whatever_is_written(ledger: Ledger, user_id: int) -> None:
    dice = random.Random(7)
    start = datetime(2026, 1, 1, tzinfo=UTC)
    rows: list[Row] = [
        a_row(
            dice.choice(["happy", "sad", "fear"]),
            confidence=dice.random(),
            user_id=dice.choice([None, user_id]),
            timestamp=start + timedelta(minutes=dice.randrange(3 * 24 * 60)),
        )
        for _ in range(500)
    ]
    for batch in (rows[:200], rows[100:400], rows[300:]):
        ledger.record(batch)
    assert db.session.scalar(select(func.count()).select_from(PredictionLog)) == 500
    assert rebuild.check() == []


def test_recorders_that_write_at_once_do_not_wait_in_a_circle(app: Flask) -> None:
    users = [make_user(f"user{number}") for number in range(20)]
    failures: list[Exception] = []
    engine = db.engine

    def write(seed: int) -> None:
        dice, ledger = random.Random(seed), Ledger(engine)
        try:
            for _ in range(15):
                ledger.record([a_row(dice.choice(["happy", "sad"]), user_id=dice.choice(users)) for _ in range(30)])
        except SQLAlchemyError as error:
            failures.append(error)

    threads = [threading.Thread(target=write, args=(seed,)) for seed in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert rebuild.check() == []


def test_after_the_database_was_away_versions_are_looked_up_again(
    ledger: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    ledger.record([a_row(model_version_tag="v1.0.0")])
    with monkeypatch.context() as away:
        away.setattr(ledger_module, "begin_writing", _fail)
        with pytest.raises(SQLAlchemyError):
            ledger.record([a_row()])
    # As in an older backup, in which another version had the number.
    db.session.execute(update(ModelVersion).values(model_version_tag="v0.9.0"))
    db.session.commit()
    row = a_row(model_version_tag="v1.0.0")
    ledger.record([row])
    of_row = select(ModelVersion.model_version_tag).join(PredictionLog).where(PredictionLog.uid == row.uid)
    assert db.session.scalar(of_row) == "v1.0.0"


def _fail(_: object) -> None:
    raise OperationalError("BEGIN", None, ConnectionError("gone"))
