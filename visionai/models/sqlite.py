"""How SQLite is opened, so that it behaves like a database server.

The driver's own transactions begin late, at the first write, and in a way that lets another process in between; so
the driver is told to begin none and each of ours begins itself, for writing at once where it is going to write.
https://docs.sqlalchemy.org/en/20/dialects/sqlite.html#serializable-isolation-savepoints-transactional-ddl
"""

from __future__ import annotations

import contextlib
import sqlite3
from bisect import bisect_right
from functools import lru_cache
from typing import Any

from sqlalchemy import Connection, Engine, event

from .. import private_files

WRITES = {"visionai_writes": True}
"""Execution options of an engine or connection whose transactions are going to write."""

_PRAGMAS = (
    "foreign_keys = ON",
    "journal_mode = WAL",
    "synchronous = NORMAL",
    "busy_timeout = 5000",
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
    if connection.dialect.name == "sqlite":
        writes = connection.get_execution_options().get("visionai_writes", False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


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
