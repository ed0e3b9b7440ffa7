"""SQLite while another process writes: readers go on, writers wait a while and then say so."""

from __future__ import annotations

import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import Engine, text
from sqlalchemy.exc import OperationalError

from visionai.database import sqlite
from visionai.database.sessions import reading, writing
from visionai.extensions import db
from visionai.services.accounts import accounts


@pytest.fixture
def other(app: Flask, tmp_path: Path) -> Iterator[sqlite3.Connection]:
    """A connection of another program, in the midst of writing."""
    with_lock = sqlite3.connect(tmp_path / "test.sqlite3", isolation_level=None, check_same_thread=False)
    with_lock.execute("BEGIN IMMEDIATE")
    yield with_lock
    with_lock.close()


@pytest.fixture
def engine(app: Flask) -> Engine:
    return db.engine


def test_a_try_to_write_fails_at_once(other: sqlite3.Connection, engine: Engine) -> None:
    begun = time.monotonic()
    with pytest.raises(OperationalError), engine.execution_options(**sqlite.WRITES).begin():
        pass
    assert time.monotonic() - begun < 1.0


def test_a_writer_waits_until_the_other_has_written(other: sqlite3.Connection) -> None:
    threading.Timer(0.3, lambda: other.execute("COMMIT")).start()
    with writing() as session:
        session.execute(text("UPDATE emotion_classes SET emotion_desc = 'mine' WHERE emotion_id = 1"))
    with reading() as session:
        assert session.scalar(text("SELECT emotion_desc FROM emotion_classes WHERE emotion_id = 1")) == "mine"


def test_a_writer_gives_up_in_the_end(other: sqlite3.Connection, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sqlite, "WAIT_SECONDS", 0.1)
    with pytest.raises(OperationalError), writing():
        raise AssertionError("it must not begin")


def test_a_reader_waits_for_nobody(other: sqlite3.Connection) -> None:
    assert accounts.list_users() == []


def test_writers_who_wait_hold_no_connections(
    app: Flask, other: sqlite3.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sqlite, "WAIT_SECONDS", 1.0)

    def write() -> None:
        with app.app_context(), pytest.raises(OperationalError), writing():
            pass

    writers = [threading.Thread(target=write) for _ in range(30)]
    for writer in writers:
        writer.start()
    assert accounts.list_users() == []
    assert db.engine.pool.checkedout() <= 1
    for writer in writers:
        writer.join()


def test_a_writer_that_fails_leaves_nothing_and_lets_the_next_in(app: Flask) -> None:
    with suppress(ZeroDivisionError), writing() as session:
        session.execute(text("UPDATE emotion_classes SET emotion_desc = 'mine' WHERE emotion_id = 1"))
        raise ZeroDivisionError
    with writing() as session:
        assert session.scalar(text("SELECT emotion_desc FROM emotion_classes WHERE emotion_id = 1")) != "mine"
