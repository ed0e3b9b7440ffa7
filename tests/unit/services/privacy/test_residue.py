"""What erasure leaves in the files of SQLite."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from flask import Flask

from tests.support.rows import a_row
from tests.support.waiting import eventually
from visionai.extensions import db
from visionai.services.accounts import accounts
from visionai.services.privacy import erasure
from visionai.services.recording.recorder import recorder

NAME = "nombre-que-no-se-repite"
ADDRESS = "198.51.100.77"


@pytest.fixture
def files(app: Flask) -> list[Path]:
    """The database and its log."""
    main = Path(str(db.engine.url.database))
    return [main, main.with_name(f"{main.name}-wal")]


@pytest.fixture
def user_id(app: Flask) -> int:
    """A user with predictions among those of others."""
    user_id = accounts.create_user(NAME, "una frase larga").user_id
    for _ in range(300):
        recorder.offer(a_row())
        recorder.offer(a_row(user_id=user_id, source_ip=ADDRESS))
    recorder.flush()
    return user_id


def found(files: list[Path], *texts: str) -> list[str]:
    """Return which of `texts` can be read in the bytes of `files`."""
    held = b"".join(file.read_bytes() for file in files if file.exists())
    return [text for text in texts if text.encode() in held]


def test_the_name_of_a_deleted_user_and_their_rows_cannot_be_read_any_more(files: list[Path], user_id: int) -> None:
    assert found(files, NAME, ADDRESS) == [NAME, ADDRESS]
    erasure.delete_user(user_id)
    assert found(files, NAME, ADDRESS) == []


def test_erased_predictions_cannot_be_read_any_more(files: list[Path], user_id: int) -> None:
    erasure.delete_predictions(user_id)
    assert found(files, NAME, ADDRESS) == [NAME]


@pytest.fixture
def reader(files: list[Path], user_id: int) -> Iterator[sqlite3.Connection]:
    """Somebody who still sees the database as it was."""
    with closing(sqlite3.connect(files[0], isolation_level=None)) as connection:
        connection.execute("BEGIN")
        connection.execute("SELECT count(*) FROM users").fetchone()
        yield connection


def test_a_reader_of_the_past_holds_nobody_up_and_the_log_is_cut_off_after_it(
    files: list[Path], user_id: int, reader: sqlite3.Connection
) -> None:
    erasure.delete_user(user_id)
    assert found(files, NAME) == [NAME]
    reader.execute("COMMIT")
    assert eventually(lambda: not found(files, NAME, ADDRESS), 15)
