"""Schema revisions: which one a database has, which one the code wants, and whether they go together.

Alembic keeps the revision of the database. One that is newer than the code, as while servers are replaced one by one or
after a release was taken back, is served where it says that it is compatible: a migration names the oldest revision
whose code runs on what it leaves (`compatible_with`), and `migrations/env.py` writes it to `schema_compatibility`.
"""

from __future__ import annotations

from functools import cache

from alembic.script import ScriptDirectory
from sqlalchemy import Column, Connection, Select, Table, Text, column, inspect, select, table

from .. import ROOT
from ..errors import DatabaseEmpty, DatabaseOutdated, DatabaseTooNew
from ..extensions import Base

_ALEMBIC = table("alembic_version", column("version_num"))

COMPATIBILITY = Table(
    "schema_compatibility",
    Base.metadata,
    Column("revision", Text, primary_key=True),
    Column("compatible_with", Text, nullable=False),
)
"""One row for each revision that older code runs on; `compatible_with` is the oldest revision whose code does."""


@cache
def known() -> tuple[str, ...]:
    """Return the revisions that the code has migrations for, the newest first."""
    return tuple(script.revision for script in ScriptDirectory(str(ROOT / "migrations")).walk_revisions())


def current(connection: Connection) -> str | None:
    """Return the revision of the database, None where it was never migrated."""
    return _scalar(connection, _ALEMBIC.name, select(_ALEMBIC.c.version_num))


def require(connection: Connection) -> str:
    """Return the revision of the database, on which the code runs.

    Raises DatabaseEmpty, DatabaseOutdated or DatabaseTooNew where it does not.
    """
    revision, wanted = current(connection), known()[0]
    if revision is None:
        raise DatabaseEmpty(revision=None, wanted=wanted)
    if revision in known()[1:]:
        raise DatabaseOutdated(revision=revision, wanted=wanted)
    if revision != wanted and _compatible_with(connection, revision) not in known():
        raise DatabaseTooNew(revision=revision, wanted=wanted)
    return revision


def _compatible_with(connection: Connection, revision: str) -> str | None:
    query = select(COMPATIBILITY.c.compatible_with).where(COMPATIBILITY.c.revision == revision)
    return _scalar(connection, COMPATIBILITY.name, query)


def _scalar(connection: Connection, table_name: str, query: Select[str]) -> str | None:
    """Return what `query` finds first, None where there is no such table."""
    return connection.scalar(query) if inspect(connection).has_table(table_name) else None
