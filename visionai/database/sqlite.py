"""SQLite connections set up to behave like a database server.

The driver's own transactions begin late, at the first write, and in a way that lets another process in between; so
the driver is told to begin none and each of ours begins itself, for writing at once where it is going to write.
https://docs.sqlalchemy.org/en/20/dialects/sqlite.html#serializable-isolation-savepoints-transactional-ddl

SQLite waits for a lock inside the call, which would stop every task of the process. So it hardly ever waits: a
transaction that is going to write fails at once while another process writes, and `begin_writing` tries again.
"""

from __future__ import annotations

import contextlib
import sqlite3
import time
from bisect import bisect_right
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from typing import Any

from sqlalchemy import Connection, Engine, event
from sqlalchemy.exc import OperationalError

from .. import concurrency, private_files

WRITES = {"visionai_writes": True}
"""Execution options of an engine or connection whose transactions are going to write."""

WAIT_SECONDS = 5.0
"""How long a task waits for others to have written, before the database counts as away."""

_PAUSE_SECONDS = 0.02
# Milliseconds. Readers wait for nobody in WAL mode, but for a moment where another process recovers or removes the log.
_READERS_PATIENCE = 50
_PRAGMAS = (
    f"busy_timeout = {_READERS_PATIENCE}",
    "foreign_keys = ON",
    "journal_mode = WAL",
    "synchronous = NORMAL",
    "secure_delete = ON",
)


@event.listens_for(Engine, "do_connect")
def _create(dialect: Any, _record: Any, arguments: list[Any], _named: dict[str, Any]) -> None:
    """Make a new file private before SQLite does; the log and the index beside it get the mode of the file."""
    if dialect.name == "sqlite" and arguments and not str(arguments[0]).startswith((":", "file:")):
        private_files.make_file(arguments[0])


@event.listens_for(Engine, "connect")
def _open(connection: Any, _record: Any) -> None:
    if not isinstance(connection, sqlite3.Connection):
        return
    connection.isolation_level = None
    for pragma in _PRAGMAS:
        connection.execute(f"PRAGMA {pragma}")
    connection.create_function("width_bucket", 2, _width_bucket, deterministic=True)
    connection.create_function("date_trunc", 3, _date_trunc, deterministic=True)


@event.listens_for(Engine, "begin")
def _begin(connection: Connection) -> None:
    if connection.dialect.name != "sqlite":
        return
    if not connection.get_execution_options().get("visionai_writes", False):
        connection.exec_driver_sql("BEGIN")
        return
    connection.exec_driver_sql("PRAGMA busy_timeout = 0")
    try:
        connection.exec_driver_sql("BEGIN IMMEDIATE")
    finally:
        connection.exec_driver_sql(f"PRAGMA busy_timeout = {_READERS_PATIENCE}")


# Tasks of this process take turns, so that of all those who wait for another process one asks and the others sleep.
_lock = concurrency.Lock()


@contextmanager
def begin_writing(engine: Engine) -> Iterator[Connection]:
    """Yield a connection in a transaction that may write; commit at the end of the block, or roll back if it raises.

    Other tasks go on while this one waits for its turn. Raises OperationalError where it did not come in time.
    """
    writer = engine.execution_options(**WRITES)
    if engine.dialect.name != "sqlite":
        with writer.begin() as connection:
            yield connection
        return
    deadline = time.monotonic() + WAIT_SECONDS
    if not _lock.acquire(timeout=WAIT_SECONDS):
        raise _locked()
    try:
        with _begun(writer, deadline) as connection, connection.get_transaction():  # type: ignore[union-attr]
            yield connection
    finally:
        _lock.release()


def _begun(writer: Engine, deadline: float) -> Connection:
    """Return a connection in a transaction, once no other process writes; no connection is held between two tries."""
    while True:
        connection = writer.connect()
        try:
            connection.begin()
        except OperationalError as error:
            connection.close()
            if not _is_locked(error) or time.monotonic() >= deadline:
                raise
        else:
            return connection
        concurrency.sleep(_PAUSE_SECONDS)


def _is_locked(error: OperationalError) -> bool:
    return getattr(error.orig, "sqlite_errorcode", 0) & 0xFF == sqlite3.SQLITE_BUSY


def _locked() -> OperationalError:
    return OperationalError("BEGIN IMMEDIATE", None, sqlite3.OperationalError("database is locked"))


def _width_bucket(value: str, thresholds: str) -> int:
    """Do what PostgreSQL's function does: return how many of the ascending thresholds are not above the value."""
    return bisect_right(_split(thresholds), value)


@lru_cache(maxsize=8)
def _split(thresholds: str) -> list[str]:
    return thresholds.split(",")


def _date_trunc(field: str, value: str, zone: str) -> str:
    """Do what PostgreSQL's function does, for the hour of UTC."""
    if (field, zone) != ("hour", "UTC"):
        raise ValueError(field)
    return f"{value[:13]}:00:00.000000"


def empty_log(file: str) -> bool:
    """Move what the write-ahead log of a database holds into its file, and cut the log to nothing, without waiting.

    False where a reader still needs the log or somebody writes. It opens a connection of its own, so that a native
    thread can call it. https://www.sqlite.org/pragma.html#pragma_wal_checkpoint
    """
    with contextlib.closing(sqlite3.connect(file, timeout=0, isolation_level=None)) as connection:
        try:
            blocked, *_ = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        except sqlite3.OperationalError:
            return False
        return not blocked
