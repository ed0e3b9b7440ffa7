"""RETENTION_DAYS: soon after the start, spread over processes, one of them at a time."""

from __future__ import annotations

import itertools
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select

import config as configuration
from tests.support.rows import a_row
from tests.support.servers import environment_of, migrate, start_server
from visionai import create_app
from visionai.database.sessions import PRUNING_LOCK, alone
from visionai.extensions import db
from visionai.models import PredictionLog
from visionai.services import lifecycle
from visionai.services.log import retention
from visionai.services.recording.recorder import recorder

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
