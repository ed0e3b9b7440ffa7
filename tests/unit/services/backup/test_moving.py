"""Everything that an SQLite holds, moved into a PostgreSQL."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

import config as configuration
from tests.support.postgres import Cluster
from tests.support.rows import a_row
from visionai import create_app
from visionai.database.sessions import reading
from visionai.errors import SetupError
from visionai.extensions import Base, db
from visionai.models import PredictionLog
from visionai.services import lifecycle
from visionai.services.accounts import accounts
from visionai.services.backup import moving
from visionai.services.recording.recorder import recorder
from visionai.services.weights import activation


def contents(session: Session) -> dict[str, list[tuple[object, ...]]]:
    """The rows of every table."""
    return {
        table.name: sorted((tuple(row) for row in session.execute(select(table))), key=repr)
        for table in Base.metadata.sorted_tables
    }


@pytest.fixture
def source(app: Flask, tmp_path: Path) -> Path:
    """An SQLite with something in most tables."""
    activation.register_shipped()
    user = accounts.register("usuario", "una frase larga")
    accounts.login("usuario", "una frase larga", None)
    scores = (0.1, 0.1, 0.1, 0.4, 0.1, 0.1, 0.1)
    for emotion in ("happy", "sad", "happy"):
        recorder.write(a_row(emotion, user_id=user.user_id, scores=scores, frames=10, uncertain=False))
    recorder.write(a_row(source_ip=None))
    with db.engine.begin() as connection:
        connection.execute(text("DELETE FROM predictions_log WHERE predic_id = 4"))
    return tmp_path / "test.sqlite3"


@pytest.fixture
def target(source: Path, cluster: Cluster, tmp_path: Path) -> Iterator[Flask]:
    """An application on an empty PostgreSQL."""
    (tmp_path / "target").mkdir()
    app = create_app(configuration.Testing(tmp_path / "target", DATABASE_URL=cluster.new_database()))
    with app.app_context():
        yield app
        lifecycle.stop(app)
        db.engine.dispose()


def test_every_row_of_every_table_is_moved_and_ids_go_on_where_they_were(
    app: Flask, source: Path, target: Flask
) -> None:
    counts, _ = moving.move(source)
    with reading() as session:
        moved = contents(session)
        assert {name: len(rows) for name, rows in moved.items()} == counts
    with app.app_context(), reading() as session:
        was = contents(session)
    assert {name: rows for name, rows in moved.items() if rows != was[name]} == {}
    assert counts["predictions_log"] == 3
    assert counts["weights_files"] > 1
    assert recorder.write(a_row()) == 5, "the id of a row that is gone is not given again"


def test_a_target_that_holds_data_is_refused(source: Path, target: Flask) -> None:
    moving.move(source)
    with pytest.raises(SetupError, match="holds data"):
        moving.move(source)
    with reading() as session:
        assert session.scalar(select(func.count()).select_from(PredictionLog)) == 3


def test_a_move_that_fails_leaves_the_target_empty(
    source: Path, target: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*_: object) -> None:
        raise SetupError("The disk is full")

    monkeypatch.setattr(moving, "_continue_ids", fails)
    with pytest.raises(SetupError, match="disk"):
        moving.move(source)
    monkeypatch.undo()
    assert moving.move(source)[0]["predictions_log"] == 3


def test_an_older_source_is_refused(source: Path, target: Flask, app: Flask) -> None:
    with app.app_context(), db.engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '0002'"))
    with pytest.raises(SetupError, match="revision 0002"):
        moving.move(source)


def test_a_source_that_is_not_there_is_not_made(target: Flask, tmp_path: Path) -> None:
    with pytest.raises(SetupError, match="no such file"):
        moving.move(tmp_path / "none.sqlite3")
    assert not (tmp_path / "none.sqlite3").exists()


def test_one_moves_into_a_postgresql_alone(app: Flask, source: Path) -> None:
    with pytest.raises(SetupError, match="PostgreSQL"):
        moving.move(source)
