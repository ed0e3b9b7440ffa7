"""The migration that divides the log and gives it sessions, with ten thousand rows of before in place."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from flask_migrate import downgrade, upgrade
from sqlalchemy import inspect, text

import config as configuration
from visionai import create_app
from visionai.database.types import utc_now
from visionai.extensions import db
from visionai.models import PredictionLog, User

pytestmark = pytest.mark.databases

ROWS = 10_000
OLD = "predic_id, uid, emotion_id, confidence, model_id, processing_time_ms, source_ip, user_id, timestamp"
BEGINNING = datetime(2025, 11, 3, tzinfo=UTC)


@pytest.fixture
def app(database_url: str, tmp_path: Path) -> Iterator[Flask]:
    """An application whose database has the tables of before, and rows in them."""
    app = create_app(configuration.Testing(tmp_path, DATABASE_URL=database_url))
    with app.app_context():
        upgrade(revision="0002")
        fill()
        yield app
        db.engine.dispose()


def fill() -> None:
    with db.engine.begin() as connection:
        now = utc_now()
        connection.execute(
            text(
                "INSERT INTO users (user_id, username, hashed_password, created_at, updated_at)"
                " VALUES (3, 'ana', 'x', :now, :now)"
            ).bindparams(now=stored(now))
        )
        connection.execute(
            text(
                "INSERT INTO model_versions (model_id, model_version_tag, model_status, creation_date)"
                " VALUES (1, 'v1.0.0', 'seen', :now)"
            ).bindparams(now=stored(now))
        )
        statement = text(
            f"INSERT INTO predictions_log ({OLD}) VALUES (:id, :uid, :emotion, 0.5, 1, 7, :address, :user, :moment)"
        )
        connection.execute(statement, [an_old_row(number) for number in range(1, ROWS + 1)])
        connection.execute(text("DELETE FROM predictions_log WHERE predic_id = :last").bindparams(last=ROWS))
        if db.engine.dialect.name == "postgresql":
            connection.execute(text("SELECT setval('predictions_log_predic_id_seq', :last)").bindparams(last=ROWS))


def an_old_row(number: int) -> dict[str, Any]:
    return {
        "id": number,
        "uid": UUID(int=number).hex,
        "emotion": number % 7 + 1,
        "address": "203.0.113.0" if number % 2 else None,
        "user": 3 if number % 3 else None,
        "moment": stored(BEGINNING + number * timedelta(hours=1)),
    }


def stored(moment: datetime) -> Any:
    return moment if db.engine.dialect.name == "postgresql" else moment.strftime("%Y-%m-%d %H:%M:%S.%f")


def all_rows() -> list[tuple[Any, ...]]:
    with db.engine.connect() as connection:
        return [tuple(row) for row in connection.execute(text(f"SELECT {OLD} FROM predictions_log ORDER BY predic_id"))]


def test_ten_thousand_old_rows_go_up_and_down_unharmed(app: Flask) -> None:
    before = all_rows()
    assert len(before) == ROWS - 1
    upgrade()
    assert all_rows() == before
    downgrade(revision="0002")
    assert all_rows() == before
    upgrade()
    assert all_rows() == before


def test_the_log_has_the_same_columns_indexes_and_keys_after_going_down_as_before(app: Flask) -> None:
    def shape() -> Any:
        there = inspect(db.engine)
        columns = [(column["name"], str(column["type"]), column["nullable"]) for column in there.get_columns(LOG)]
        indexes = sorted((index["name"], *index["column_names"]) for index in there.get_indexes(LOG))
        keys = sorted((key["referred_table"], *key["constrained_columns"]) for key in there.get_foreign_keys(LOG))
        unique = [key["column_names"] for key in there.get_unique_constraints(LOG)]
        return columns, indexes, keys, unique, there.get_pk_constraint(LOG)["constrained_columns"]

    before = shape()
    upgrade()
    assert shape() != before
    downgrade(revision="0002")
    assert shape() == before


LOG = "predictions_log"


@pytest.mark.parametrize("way", ["up", "up and down"])
def test_an_id_that_was_given_is_not_given_again(app: Flask, way: str) -> None:
    upgrade()
    if way == "up and down":
        downgrade(revision="0002")
    columns = OLD.removeprefix("predic_id, ")
    values = {**an_old_row(ROWS + 1), "moment": stored(utc_now())}
    values.pop("id")
    with db.engine.begin() as connection:
        statement = (
            f"INSERT INTO predictions_log ({columns}) VALUES (:uid, :emotion, 0.5, 1, 7, :address, :user, :moment)"
        )
        connection.execute(text(statement), values)
    assert all_rows()[-1][0] == ROWS + 1


def test_old_rows_belong_to_no_session_and_their_users_can_still_be_told(app: Flask) -> None:
    upgrade()
    row = db.session.query(PredictionLog).order_by(PredictionLog.predic_id).first()
    assert (row.session_id, row.person, row.frames, row.scores, row.uncertain, row.offset_ms) == (None,) * 6
    assert db.session.get(User, row.user_id).username == "ana"


def test_on_postgresql_old_rows_are_one_partition_and_new_ones_fall_into_months(app: Flask) -> None:
    if db.engine.dialect.name == "sqlite":
        return
    upgrade()
    with db.engine.connect() as connection:
        counted = dict(
            connection.execute(text("SELECT tableoid::regclass::text, count(*) FROM predictions_log GROUP BY 1")).all()
        )
        assert counted == {"predictions_log_earlier": ROWS - 1}
        bounds = connection.execute(
            text(
                "SELECT c.relname, pg_get_expr(c.relpartbound, c.oid) FROM pg_inherits i JOIN pg_class c"
                " ON c.oid = i.inhrelid WHERE i.inhparent = 'predictions_log'::regclass ORDER BY c.relname"
            )
        ).all()
    newest = max(utc_now(), BEGINNING + ROWS * timedelta(hours=1))
    ahead = [(newest.year * 12 + newest.month + months) for months in (0, 1)]
    assert [name for name, _ in bounds] == [
        *(f"predictions_log_{month // 12}{month % 12 + 1:02}01" for month in ahead),
        "predictions_log_earlier",
        "predictions_log_other",
    ]


def test_a_log_that_holds_nothing_goes_up_and_down(app: Flask) -> None:
    with db.engine.begin() as connection:
        connection.execute(text("DELETE FROM predictions_log"))
    upgrade()
    downgrade(revision="0002")
    upgrade()
    assert all_rows() == []
