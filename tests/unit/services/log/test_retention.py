"""RETENTION_DAYS: soon after the start, spread over processes, one of them at a time."""

from __future__ import annotations

import itertools
import time
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from uuid import uuid4

import pytest
from flask import Flask
from sqlalchemy import func, select, text

import config as configuration
from tests.support.rows import NOON, a_row
from tests.support.servers import environment_of, migrate, start_server
from visionai import create_app
from visionai.contract.session_fields import SessionSource, SessionStatus
from visionai.database import partitions
from visionai.database.sessions import PRUNING_LOCK, alone
from visionai.database.types import utc_now
from visionai.extensions import db
from visionai.models import PredictionLog, RecordedSession, SessionMarker, SessionPerson
from visionai.services import lifecycle
from visionai.services.log import retention
from visionai.services.recording.ledger import Ledger
from visionai.services.recording.recorder import recorder
from visionai.services.statistics import queries, rebuild
from visionai.services.statistics.filters import Filters

PATIENCE_SECONDS = 60.0
OLD = datetime.now(UTC) - timedelta(days=3)


@pytest.fixture
def settings() -> dict[str, str]:
    return {"RETENTION_DAYS": "1"}


def rows() -> int:
    with db.engine.connect() as connection:
        return connection.scalar(select(func.count()).select_from(PredictionLog)) or 0


def test_the_first_pruning_comes_within_seconds_and_the_next_ones_within_the_hour() -> None:
    first, *later = itertools.islice(lifecycle.hourly_pauses(), 5)
    assert first <= 15
    assert all(3000 < pause < 4000 for pause in later)


def test_processes_started_together_do_not_prune_together() -> None:
    assert len({next(lifecycle.hourly_pauses()) for _ in range(10)}) == 10


@pytest.mark.databases
def test_what_is_too_old_is_pruned(app: Flask) -> None:
    recorder.write(a_row(timestamp=OLD))
    recorder.write(a_row())
    assert retention.prune_expired() == 1
    assert rows() == 1


@pytest.mark.databases
def test_one_process_prunes_at_a_time(app: Flask) -> None:
    if db.engine.dialect.name == "sqlite":
        pytest.skip("SQLite has one process")
    recorder.write(a_row(timestamp=OLD))
    with alone(PRUNING_LOCK) as free:
        assert free
        assert retention.prune_expired() == 0
    assert retention.prune_expired() == 1


@pytest.mark.databases
def test_rows_of_many_batches_are_pruned_to_the_last(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(retention, "_AT_ONCE", 3)
    rows_of_some_moments = [a_row(timestamp=OLD + timedelta(seconds=number // 5)) for number in range(20)]
    Ledger(db.engine).record([*rows_of_some_moments, a_row()])
    assert retention.prune_expired() == 20
    assert rows() == 1
    assert rebuild.check() == []


@pytest.mark.databases
def test_sessions_that_ended_before_go_with_their_people_and_markers(app: Flask) -> None:
    def a_session(**changes: object) -> RecordedSession:
        return RecordedSession(uid=uuid4(), source=SessionSource.CAMERA, started_at=OLD, seen_at=OLD, **changes)

    ended = {"status": SessionStatus.ENDED}
    old, recent, still_open = a_session(ended_at=OLD, **ended), a_session(ended_at=utc_now(), **ended), a_session()
    db.session.add_all([old, recent, still_open])
    db.session.flush()
    for one in (old, recent):
        offsets = {"first_offset_ms": 0, "last_offset_ms": 0, "seconds": 1, "frames": 1}
        db.session.add(SessionPerson(session_id=one.session_id, person=1, **offsets))
        db.session.add(SessionMarker(session_id=one.session_id, offset_ms=0, label="risa"))
    db.session.commit()
    kept = {recent.session_id, still_open.session_id}
    retention.prune_expired()
    db.session.expire_all()
    assert {one.session_id for one in db.session.query(RecordedSession)} == kept
    assert db.session.query(SessionPerson).count() == db.session.query(SessionMarker).count() == 1


class TestPartitions:
    """On PostgreSQL, where the log begins with a partition for all of before."""

    @pytest.fixture
    def database_url(self, request: pytest.FixtureRequest) -> str:
        return request.getfixturevalue("cluster").new_database()

    @pytest.fixture(autouse=True)
    def months(self, app: Flask, monkeypatch: pytest.MonkeyPatch) -> list[datetime]:
        """Where partitions end that are all over; each of the first two has rows, the third has none."""
        monkeypatch.setattr(partitions, "LOCK_PATIENCE_MS", 50)
        monkeypatch.setattr(partitions, "PAUSE_SECONDS", 0.01)
        ends = [NOON.replace(day=1, hour=0, month=month) for month in (2, 3, 4)]
        with db.engine.begin() as connection:
            for part in partitions.existing():
                connection.execute(text(f"DROP TABLE {part.name}"))
            for since, until in pairwise([None, *ends]):
                bounds = f"FROM ({repr(str(since)) if since else 'MINVALUE'}) TO ('{until}')"
                name = f"predictions_log_until_{until:%m}"
                connection.execute(text(f"CREATE TABLE {name} PARTITION OF predictions_log FOR VALUES {bounds}"))
        partitions.keep_ahead("month")
        moments = [NOON, NOON + timedelta(days=1), NOON.replace(month=2), utc_now()]
        Ledger(db.engine).record([a_row(timestamp=moment) for moment in moments])
        return ends

    def old(self) -> list[datetime]:
        return [part.until for part in partitions.existing() if part.until < utc_now()]

    def test_whole_ones_are_dropped_and_their_rows_counted(self, months: list[datetime]) -> None:
        assert retention.prune(months[0]) == 2
        assert self.old() == months[1:]
        assert rebuild.check() == []
        assert queries.stats(Filters()).total_predictions == 4

    def test_one_that_holds_nothing_is_dropped_too(self, months: list[datetime]) -> None:
        assert retention.prune(utc_now()) == 3
        assert self.old() == []
        assert rows() == 1

    def test_of_one_that_is_not_over_rows_are_deleted(self, months: list[datetime]) -> None:
        assert retention.prune(NOON + timedelta(hours=1)) == 1
        assert self.old() == months
        assert rows() == 3

    def test_what_lies_in_the_default_partition_is_deleted(self, months: list[datetime]) -> None:
        retention.prune(months[2])
        Ledger(db.engine).record([a_row(timestamp=NOON)])
        assert retention.prune(months[2]) == 1

    def test_rows_of_one_that_is_in_use_go_at_once_and_it_goes_later(self, months: list[datetime]) -> None:
        with db.engine.connect() as reader, reader.begin():
            reader.execute(text("SELECT count(*) FROM predictions_log_until_02"))
            assert retention.prune(months[0]) == 2
            assert self.old() == months
            assert Ledger(db.engine).record([a_row()])
        assert retention.prune(months[0]) == 0
        assert self.old() == months[1:]

    def test_a_role_that_owns_nothing_deletes_row_by_row(
        self, months: list[datetime], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(partitions, "may_change", lambda: False)
        assert retention.prune(utc_now()) == 3
        assert self.old() == months

    def test_a_server_that_lives_for_some_seconds_prunes(
        self, months: list[datetime], tables: str, tmp_path: Path
    ) -> None:
        server = start_server(tmp_path / "server", DATABASE_URL=tables, RETENTION_DAYS="1")
        deadline = time.monotonic() + PATIENCE_SECONDS
        while rows() > 1 or self.old():
            assert time.monotonic() < deadline, "the rows are still there"
            time.sleep(0.2)
        assert server.stop() == 0


def test_a_server_that_has_just_started_prunes(tmp_path: Path) -> None:
    migrate(tmp_path, environment_of(tmp_path))
    app = create_app(configuration.Testing(tmp_path))
    with app.app_context():
        recorder.write(a_row(timestamp=OLD))
        server = start_server(tmp_path, RETENTION_DAYS="1")
        deadline = time.monotonic() + PATIENCE_SECONDS
        while rows():
            assert time.monotonic() < deadline, "the row is still there"
            time.sleep(0.2)
        assert server.stop() == 0
        lifecycle.stop(app)
        db.engine.dispose()
