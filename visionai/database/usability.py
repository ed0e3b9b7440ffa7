"""Unusable databases (damaged, unmigrated, read-only) told as unavailable: an OperationalError.

Drivers tell a damaged file, missing tables or rights, and a read-only server by other exceptions than a lost
connection. All of them pass when the operator has seen to it, and none is a fault of the request.
"""

from __future__ import annotations

import sqlite3

from sqlalchemy import Connection, Engine, ExceptionContext, event, func, inspect, select
from sqlalchemy.exc import OperationalError

from ..extensions import Base

# https://www.postgresql.org/docs/current/errcodes-appendix.html
_READ_ONLY = "25006"
_SQLSTATES = frozenset(
    {
        _READ_ONLY,
        "42501",  # insufficient_privilege
        "42P01",  # undefined_table
        "42703",  # undefined_column
        "3F000",  # invalid_schema_name
    }
)
_DATA_CORRUPTED = "XX"
_BUSY = frozenset({sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED})
_PRIMARY_CODE = 0xFF
"""The bits of an extended result code of SQLite that hold the primary one (https://www.sqlite.org/rescode.html)."""


@event.listens_for(Engine, "handle_error")
def _as_away(context: ExceptionContext) -> OperationalError | None:
    """Turn what says that the database cannot be used into an OperationalError."""
    error = context.original_exception
    if isinstance(context.sqlalchemy_exception, OperationalError) or not _is_unusable(error):
        return None
    return OperationalError(context.statement, None, error, hide_parameters=True)


def _is_unusable(error: BaseException) -> bool:
    # SQLite's driver raises the class itself for a damaged file, and one that is none.
    if type(error) in (sqlite3.DatabaseError, sqlite3.InternalError):
        return True
    state = getattr(error, "pgcode", None) or ""
    return state in _SQLSTATES or state.startswith(_DATA_CORRUPTED)


def check_schema(connection: Connection) -> None:
    """Look for every table and column that there should be; raises OperationalError where one is missing.

    The catalogue is read and not the tables, any of which somebody may have locked.
    """
    tables = Base.metadata.tables
    found = inspect(connection).get_multi_columns(filter_names=list(tables))
    there = {table: {column["name"] for column in columns} for (_, table), columns in found.items()}
    if any(set(table.columns.keys()) - there.get(name, set()) for name, table in tables.items()):
        raise OperationalError("check_schema", None, RuntimeError("The database is not migrated"))


def check_access(connection: Connection) -> None:
    """Read something, and ask whether writing is allowed; raises OperationalError where either is not."""
    connection.execute(select(func.count()).select_from(Base.metadata.tables["emotion_classes"]))
    if connection.dialect.name == "sqlite":
        _check_writable_file(connection)
    elif connection.scalar(select(func.current_setting("transaction_read_only"))) == "on":
        raise OperationalError("transaction_read_only", None, RuntimeError("The database is read-only"))


def _check_writable_file(connection: Connection) -> None:
    """Begin a transaction that writes, without waiting, and end it; somebody else who writes shows as well as that."""
    connection.rollback()
    driver: sqlite3.Connection = connection.connection.dbapi_connection  # type: ignore[assignment]
    patience = driver.execute("PRAGMA busy_timeout").fetchone()[0]
    driver.execute("PRAGMA busy_timeout = 0")
    try:
        driver.execute("BEGIN IMMEDIATE")
        try:
            # On a file that is read-only, BEGIN IMMEDIATE is a BEGIN.
            driver.execute("DELETE FROM emotion_classes WHERE 0")
        finally:
            driver.execute("ROLLBACK")
    except sqlite3.Error as error:
        if getattr(error, "sqlite_errorcode", 0) & _PRIMARY_CODE not in _BUSY:
            raise OperationalError("BEGIN IMMEDIATE", None, error) from error
    finally:
        driver.execute(f"PRAGMA busy_timeout = {patience}")
