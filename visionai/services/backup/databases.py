"""What a backup asks of a database, whichever it is; `of_this_application` chooses."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from sqlalchemy import Connection, inspect, select

from ...database.sessions import unhurried
from ...extensions import db
from ...models import ModelCalibration, PredictionHourly, PredictionLog, RecordedSession, User

PRECIOUS = (User, PredictionLog, PredictionHourly, RecordedSession, ModelCalibration)
"""Tables that are empty where nobody has used an installation yet; others are filled by migrations and the start."""


@dataclass(frozen=True, slots=True)
class State:
    """The migration that a database is at, and how many rows each of its tables has."""

    revision: str
    tables: Mapping[str, int]


class Database(Protocol):
    """The database of the application, as backups see it."""

    dialect: str
    member: str
    """What its copy is called in an archive."""

    def write(self, target: Path) -> State:
        """Write a copy of one instant, while others go on writing, and return what is in it."""

    def check(self, copy: Path) -> None:
        """Raise DamagedBackup where a copy cannot be opened."""

    def restore(self, copy: Path) -> None:
        """Make the database what the copy is, all or nothing. It must have been set aside before."""

    def set_aside(self, folder: Path) -> AbstractContextManager[None]:
        """Take what is in the database away for the block; it comes back if that raises, and is gone if not."""


def has_rows() -> bool:
    """Tell whether somebody has used the database."""
    with db.engine.connect() as connection:
        unhurried(connection)
        there = set(inspect(connection).get_table_names())
        tables = [model.__table__ for model in PRECIOUS if model.__tablename__ in there]
        return any(connection.execute(select(1).select_from(table).limit(1)).first() for table in tables)


def state_of(connection: Connection, tables: list[str]) -> State:
    """Count the rows of tables and read the revision, in the transaction of the connection."""
    quote = connection.dialect.identifier_preparer.quote
    count = {
        name: int(connection.exec_driver_sql(f"SELECT count(*) FROM {quote(name)}").scalar_one())  # noqa: S608
        for name in sorted(tables)
        if name != "alembic_version"
    }
    there = "alembic_version" in tables
    revision = connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalar() if there else None
    return State(str(revision or ""), count)
