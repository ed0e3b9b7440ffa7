"""SQLite in a backup: copies by SQLite's own backup API (https://www.sqlite.org/backup.html)."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from sqlalchemy import NullPool, create_engine, inspect

from ... import private_files
from ...errors import SetupError
from ...extensions import db
from .archive import DamagedBackup
from .databases import State, state_of


class SQLite:
    """The file of the application's database."""

    dialect = "sqlite"
    member = "database.sqlite3"

    def write(self, target: Path) -> State:
        """Copy the database in one step: in several, each row that is recorded would begin the copy anew."""
        private_files.create(target).close()
        with closing(sqlite3.connect(target)) as copy, closing(db.engine.raw_connection()) as connection:
            driver: sqlite3.Connection = connection.dbapi_connection  # type: ignore[assignment]
            driver.backup(copy)
            copy.execute("PRAGMA journal_mode = DELETE")  # One file, without a log beside it.
        return self._state(target)

    def check(self, copy: Path) -> None:
        """Have SQLite go through every page of a copy; raises DamagedBackup."""
        try:
            with closing(sqlite3.connect(f"file:{copy.as_posix()}?mode=ro", uri=True)) as connection:
                said = connection.execute("PRAGMA integrity_check").fetchone()[0]
        except sqlite3.DatabaseError as err:
            raise DamagedBackup(f"{copy.name}: SQLite cannot read the database of the backup") from err
        if said != "ok":
            raise DamagedBackup(f"{copy.name}: SQLite finds the database of the backup damaged")

    def restore(self, copy: Path) -> None:
        """Make the database what the copy is, in one transaction of SQLite's."""
        with closing(sqlite3.connect(copy)) as source, closing(db.engine.raw_connection()) as connection:
            try:
                source.backup(connection.dbapi_connection)  # type: ignore[arg-type]
            except sqlite3.Error as err:
                raise SetupError(f"The backup cannot be written into the database: {err}") from err
        db.engine.dispose()

    @contextmanager
    def set_aside(self, folder: Path) -> Iterator[None]:
        """Copy what there is, and restore that if the block raises."""
        before = folder / "before.sqlite3"
        self.write(before)
        try:
            yield
        except BaseException:
            self.restore(before)
            raise

    def _state(self, copy: Path) -> State:
        engine = create_engine(f"sqlite:///{copy.as_posix()}", poolclass=NullPool)
        with engine.connect() as connection:
            connection.exec_driver_sql("PRAGMA query_only = ON")
            return state_of(connection, inspect(connection).get_table_names())
