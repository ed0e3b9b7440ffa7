"""Move everything from an SQLite file into an empty PostgreSQL: all of it, in one transaction, or nothing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from flask_migrate import upgrade
from sqlalchemy import Connection, NullPool, Table, create_engine, delete, func, inspect, select, text
from sqlalchemy.exc import OperationalError

from ...database import revisions
from ...database.availability import cause_of
from ...database.bulk import bulk_insert, bulk_values
from ...database.sessions import unhurried
from ...database.sqlite import WRITES
from ...errors import SetupError
from ...extensions import Base, db
from ..log import retention
from ..statistics import rebuild
from .databases import has_rows, state_of

BATCH = 5000
"""Rows that are in memory at a time."""

LARGE_BATCH = 4
"""The same of rows that hold a part of a file."""


def move(source: Path) -> tuple[Mapping[str, int], list[rebuild.Difference]]:
    """Copy every table of an SQLite file into the application's PostgreSQL, and return the rows of each table.

    Also returns the counters that the log contradicts. Nobody can write to the source meanwhile. Raises SetupError
    where the source is not at the present revision, or the target holds data; nothing has changed then.
    """
    if db.engine.dialect.name != "postgresql":
        raise SetupError("Expected a PostgreSQL to move into: DATABASE_URL=postgresql://... or the second argument")
    if not source.is_file():
        raise SetupError(f"{source}: no such file; expected sqlite:///path/to/visionai.sqlite3")
    with _opened(source) as connection:
        tables = Base.metadata.sorted_tables
        before = state_of(connection, inspect(connection).get_table_names())
        if before.revision != revisions.known()[0]:
            raise SetupError(f"{source.name}: at revision {before.revision or 'none'}; `flask db upgrade` it first")
        upgrade()
        if has_rows():
            raise SetupError("The database to move into holds data already: take an empty one")
        counts = {table.name: before.tables.get(table.name, 0) for table in tables}
        _copy_all(connection, tables, counts)
    retention.keep_partitions_ahead(patience_ms=0)
    return counts, rebuild.check()


def _opened(source: Path) -> Any:
    """Open a transaction on the source that keeps others from writing."""
    engine = create_engine(f"sqlite:///{source.as_posix()}", poolclass=NullPool)
    writer = engine.execution_options(**WRITES)
    try:
        return writer.begin()
    except OperationalError as error:
        raise SetupError(f"{source.name}: cannot be read, or a server writes to it: {cause_of(error)}") from error


def _copy_all(source: Connection, tables: list[Table], counts: Mapping[str, int]) -> None:
    with db.engine.begin() as target:
        unhurried(target, wait_for_locks=True)
        for table in reversed(tables):  # What migrations and a start wrote gives way.
            if target.execute(select(1).select_from(table).limit(1)).first():
                target.execute(delete(table))
        for table in tables:
            _copy(source, target, table)
            _continue_ids(source, target, table)
        state = state_of(target, [table.name for table in tables])
        if dict(state.tables) != dict(counts):
            raise SetupError("Rows were lost on the way, and nothing was moved: please report this")


def _copy(source: Connection, target: Connection, table: Table) -> None:
    """Copy the rows of a table in batches."""
    columns = tuple(column.name for column in table.columns)
    statement = bulk_insert("postgresql", table, columns)
    for batch in _batches(source, table):
        target.execute(statement, bulk_values("postgresql", columns, batch))


def _batches(source: Connection, table: Table) -> Iterator[list[tuple[Any, ...]]]:
    size = LARGE_BATCH if "content" in table.columns else BATCH
    rows = source.execution_options(yield_per=size).execute(select(table))
    for batch in rows.partitions(size):
        yield [tuple(row) for row in batch]


def _continue_ids(source: Connection, target: Connection, table: Table) -> None:
    """Let new ids begin behind all that were ever given, also to rows that are gone."""
    column = table.autoincrement_column
    if column is None:
        return
    sequence = target.scalar(select(func.pg_get_serial_sequence(table.name, column.name)))
    if sequence is None:
        return
    given = select(text("seq")).select_from(text("sqlite_sequence")).where(text("name = :name"))
    last = max(source.scalar(given, {"name": table.name}) or 0, target.scalar(select(func.max(column))) or 0)
    if last:
        target.execute(select(func.setval(sequence, last)))
