"""PostgreSQL's timeouts: on what somebody waits for, and off where much is read or written."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask_migrate import upgrade
from sqlalchemy import Connection, event, text

import config as configuration
from tests.support.postgres import Cluster
from tests.support.rows import a_row
from tests.support.waiting import eventually
from tests.unit.services.conftest import make_user
from visionai import create_app
from visionai.database.availability import DATABASE_AWAY
from visionai.database.sessions import PRUNING_LOCK, alone, reading
from visionai.database.types import utc_now
from visionai.extensions import db
from visionai.services.log import export, recent, retention
from visionai.services.privacy import erasure
from visionai.services.privacy.export import export_user
from visionai.services.recording.recorder import recorder
from visionai.services.statistics import queries, rebuild
from visionai.services.statistics.filters import Filters

Limits = tuple[str, str]
OWN: Limits = ("10s", "2s")


@pytest.fixture
def database_url(cluster: Cluster) -> str:
    return cluster.new_database()


def limits_during(action: Callable[[], Any], words: tuple[str, ...] = ("prediction", "CREATE")) -> set[Limits]:
    """Return under which statement and lock timeouts `action` ran its statements that hold one of `words`."""
    seen: set[Limits] = set()

    def look(_connection: Any, cursor: Any, statement: str, *_: Any) -> None:
        if any(word in statement for word in words):
            with cursor.connection.cursor() as other:
                other.execute("SELECT current_setting('statement_timeout'), current_setting('lock_timeout')")
                seen.add(other.fetchone())

    event.listen(db.engine, "before_cursor_execute", look)
    try:
        action()
    finally:
        event.remove(db.engine, "before_cursor_execute", look)
    return seen


def commit_a_row() -> None:
    """Record a row and leave the recorder idle; on a slow machine the row goes over the disk."""
    recorder.write(a_row())
    assert eventually(lambda: recorder.backlog == 0)


def test_figures_are_read_within_the_timeouts(app: Flask) -> None:
    assert limits_during(lambda: queries.stats(Filters())) == {OWN}
    assert limits_during(lambda: recent.recent_page(Filters(), 10, None, None)) == {OWN}


@pytest.mark.parametrize(
    "action",
    [
        lambda: list(export.rows(Filters())),
        lambda: export_user(make_user("usuario")),
        lambda: erasure.delete_user(make_user("usuario")),
    ],
    ids=["an export", "a personal export", "erasure"],
)
def test_what_reads_or_writes_much_takes_its_time_but_does_not_wait_for_locks(
    app: Flask, action: Callable[[], Any]
) -> None:
    commit_a_row()
    assert limits_during(action, ("predictions_log.", "prediction_")) == {("0", "2s")}


@pytest.mark.parametrize(
    "action", [rebuild.rebuild, rebuild.check, lambda: recorder.write(a_row())], ids=["rebuild", "check", "recording"]
)
def test_the_command_line_and_the_recorder_wait_for_locks_too(app: Flask, action: Callable[[], Any]) -> None:
    commit_a_row()
    assert limits_during(action, ("predictions_log", "prediction_")) == {("0", "0")}


def test_pruning_takes_its_time(app: Flask) -> None:
    recorder.write(a_row(when="2026-01-01T10:30:00"))
    assert {limit for limit, _ in limits_during(lambda: retention.prune(utc_now()), ("predictions_log",))} == {"0"}


def test_migrations_take_their_time_but_do_not_wait_long_for_tables(database_url: str, tmp_path: Path) -> None:
    app = create_app(configuration.Testing(tmp_path, DATABASE_URL=database_url))
    with app.app_context():
        assert limits_during(upgrade, ("CREATE TABLE users",)) == {("0", "5s")}
        db.engine.dispose()


def idle_limit(connection: Connection) -> str:
    return connection.execute(text("SELECT current_setting('idle_in_transaction_session_timeout')")).scalar_one()


def test_a_transaction_is_not_left_idle_for_ever(app: Flask) -> None:
    with db.engine.begin() as connection:
        assert idle_limit(connection) == "1min"


def test_a_transaction_that_only_holds_a_lock_may_be_idle(app: Flask) -> None:
    seen: list[str] = []

    def look(connection: Connection, _cursor: Any, statement: str, *_: Any) -> None:
        if "pg_try_advisory_xact_lock" in statement:
            with connection.connection.cursor() as other:
                other.execute("SELECT current_setting('idle_in_transaction_session_timeout')")
                seen.append(other.fetchone()[0])

    event.listen(db.engine, "before_cursor_execute", look)
    with alone(PRUNING_LOCK) as free:
        assert free
    event.remove(db.engine, "before_cursor_execute", look)
    assert seen == ["0"]


def test_nothing_is_left_set_on_a_connection_that_others_may_use(app: Flask) -> None:
    with db.engine.connect() as connection:
        driver = connection.connection.dbapi_connection
        connection.execute(text("SELECT 1"))
        connection.rollback()
        driver.autocommit = True
        with driver.cursor() as cursor:
            cursor.execute("SELECT current_setting('statement_timeout'), current_setting('lock_timeout')")
            assert cursor.fetchone() == ("0", "0")
        driver.autocommit = False


class TestShort:
    @pytest.fixture
    def settings(self) -> dict[str, str]:
        return {"STATEMENT_TIMEOUT_MS": "50"}

    def test_a_statement_that_takes_too_long_is_a_database_that_is_away(self, app: Flask) -> None:
        with pytest.raises(DATABASE_AWAY), reading() as session:
            session.execute(text("SELECT pg_sleep(5)"))


class TestOff:
    @pytest.fixture
    def settings(self) -> dict[str, str]:
        return {"STATEMENT_TIMEOUT_MS": "0", "LOCK_TIMEOUT_MS": "0", "IDLE_TRANSACTION_TIMEOUT_MS": "0"}

    def test_zero_leaves_the_timeouts_of_the_server(self, app: Flask) -> None:
        assert limits_during(lambda: queries.stats(Filters())) == {("0", "0")}


def test_options_of_the_url_stay_and_win(cluster: Cluster, tmp_path: Path) -> None:
    url = f"{cluster.new_database()}?options=-c%20lock_timeout%3D7s%20-c%20work_mem%3D8MB"
    app = create_app(configuration.Testing(tmp_path, DATABASE_URL=url))
    with app.app_context(), db.engine.connect() as connection:
        asked = (
            "SELECT current_setting('statement_timeout'), current_setting('lock_timeout'), current_setting('work_mem')"
        )
        assert tuple(connection.execute(text(asked)).one()) == ("10s", "7s", "8MB")
    with app.app_context():
        db.engine.dispose()
