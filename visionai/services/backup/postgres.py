"""PostgreSQL in a backup: `pg_dump` and `pg_restore`, which get no URL by their arguments.

What they connect to stands in a service file and, the password, in their environment: arguments are shown to every
user of a machine. https://www.postgresql.org/docs/current/libpq-pgservice.html
"""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Connection, inspect, text
from sqlalchemy.exc import DBAPIError

from ... import private_files
from ...database.availability import cause_of
from ...database.sessions import unhurried
from ...errors import SetupError
from ...extensions import db
from .archive import DamagedBackup
from .databases import State, state_of

ASIDE = "visionai_before_restore"
"""The schema that holds what was in the database while a backup takes its place."""

_SERVICE = "visionai"
_TO_OURS = f"--dbname=service={_SERVICE}"
_PLAIN = ("--no-owner", "--no-privileges", "--no-password")
_RELATIONS = text(
    """
    SELECT relname, relkind, relispartition FROM pg_class
    WHERE relnamespace = (SELECT oid FROM pg_namespace WHERE nspname = :schema) AND relkind IN ('r', 'p', 'v', 'm')
    AND NOT EXISTS (SELECT FROM pg_depend WHERE objid = pg_class.oid AND deptype = 'e')
    """
)
_ROUTINES = text(
    """
    SELECT oid::regprocedure::text FROM pg_proc
    WHERE pronamespace = (SELECT oid FROM pg_namespace WHERE nspname = :schema)
    AND NOT EXISTS (SELECT FROM pg_depend WHERE objid = pg_proc.oid AND deptype = 'e')
    """
)
_KINDS = {"r": "TABLE", "p": "TABLE", "v": "VIEW", "m": "MATERIALIZED VIEW"}


class PostgreSQL:
    """The schema of the application in its database, which it shares with nobody."""

    dialect = "postgresql"
    member = "database.dump"

    def write(self, target: Path) -> State:
        """Dump the schema and count its rows, both as of one instant."""
        private_files.create(target).close()
        snapshot = db.engine.execution_options(isolation_level="REPEATABLE READ")
        with snapshot.connect() as connection, connection.begin():
            unhurried(connection)
            schema = _schema(connection)
            number = connection.exec_driver_sql("SELECT pg_export_snapshot()").scalar_one()
            what = (f"--schema={_quoted(connection, schema)}", f"--snapshot={number}", f"--file={target}")
            _run("pg_dump", "--format=custom", "--compress=1", *what, *_PLAIN, _TO_OURS)
            return state_of(connection, _tables(connection, schema))

    def check(self, copy: Path) -> None:
        """Have pg_restore read the contents of a dump; raises DamagedBackup."""
        self._contents(copy)

    def restore(self, copy: Path) -> None:
        """Run a dump in one transaction. The schema itself, which is there, and extensions are left out."""
        entries = copy.with_suffix(".list")
        kept = [line for line in self._contents(copy) if not _is_a_schema(line)]
        entries.write_text("\n".join(kept) + "\n")
        how = ("--exit-on-error", "--single-transaction", f"--use-list={entries}")
        _run("pg_restore", *how, *_PLAIN, _TO_OURS, str(copy))
        with db.engine.execution_options(isolation_level="AUTOCOMMIT").connect() as connection:
            connection.exec_driver_sql("SET statement_timeout = 0")
            connection.exec_driver_sql("ANALYZE")  # Which a dump leaves to whoever restores it.
        db.engine.dispose()

    @contextmanager
    def set_aside(self, folder: Path) -> Iterator[None]:  # noqa: ARG002 - a schema takes the place of a folder
        """Move everything into another schema, back from there if the block raises, and drop it otherwise."""
        with db.engine.connect() as connection:
            here = _schema(connection)
            if ASIDE in inspect(connection).get_schema_names():
                raise SetupError(
                    f"A restore was interrupted, and what was there before is in the schema {ASIDE}: drop that schema, "
                    "or move its tables back"
                )
        _change(lambda connection: _move_away(connection, here))
        try:
            yield
        except BaseException:
            _change(lambda connection: _put_back(connection, here))
            raise
        _change(_drop_aside)

    @staticmethod
    def _contents(copy: Path) -> list[str]:
        try:
            return _run("pg_restore", "--list", str(copy)).splitlines()
        except _Failed as err:
            raise DamagedBackup(f"{copy.name}: pg_restore cannot read the database of the backup: {err}") from err


class _Failed(SetupError):
    """A program of PostgreSQL ended with an error."""


def _run(program: str, *arguments: str) -> str:
    """Run a client program of PostgreSQL and return what it writes to its output; raises SetupError."""
    found = shutil.which(program)
    if found is None:
        raise SetupError(f"{program} is not installed here: apt-get install postgresql-client")
    with _environment() as environment:
        command = [found, *arguments]
        done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)  # noqa: S603
    if done.returncode:
        lines = [line for line in done.stderr.splitlines() if line.strip()]
        raise _Failed(lines[0] if lines else f"{program} ended with {done.returncode}")
    return done.stdout


@contextmanager
def _environment() -> Iterator[dict[str, str]]:
    """Yield an environment by which libpq finds the application's database."""
    url = db.engine.url
    told = {"host": url.host, "port": url.port, "user": url.username, "dbname": url.database, **url.query}
    with tempfile.TemporaryDirectory(prefix="visionai-") as folder:
        file = Path(folder) / "service.conf"
        lines = [f"{name}={_value(value)}" for name, value in told.items() if value is not None]
        private_files.write(file, ["\n".join([f"[{_SERVICE}]", *lines, ""]).encode()])
        password = {"PGPASSWORD": str(url.password)} if url.password is not None else {}
        yield {**os.environ, "PGSERVICEFILE": str(file), **password}


def _value(value: object) -> str:
    """Return a parameter as a line of a service file holds it; several hosts are separated by commas."""
    text = ",".join(map(str, value)) if isinstance(value, tuple | list) else str(value)
    if "\n" in text or "\r" in text:
        raise SetupError("DATABASE_URL: a line break in it cannot be handed on to pg_dump and pg_restore")
    return text


def _is_a_schema(line: str) -> bool:
    """Tell whether a line of a dump's contents, `17; 2615 2200 SCHEMA - public owner`, is of a schema or extension."""
    words = line.partition(";")[2].split()
    return words[2:3] in (["SCHEMA"], ["EXTENSION"]) or words[2:5] in (
        ["COMMENT", "-", "SCHEMA"],
        ["COMMENT", "-", "EXTENSION"],
    )


def _change(change: Callable[[Connection], None]) -> None:
    """Change the schema in one transaction; raises SetupError where others use the tables, or the role may not."""
    try:
        with db.engine.begin() as connection:
            unhurried(connection)
            change(connection)
    except DBAPIError as error:
        raise SetupError(
            f"The tables cannot be replaced (stop the servers first; the role has to own them): {cause_of(error)}"
        ) from error


def _move_away(connection: Connection, here: str) -> None:
    connection.exec_driver_sql(f"CREATE SCHEMA {ASIDE}")
    _move(connection, here, ASIDE)


def _put_back(connection: Connection, here: str) -> None:
    spare = f"{ASIDE}_failed"
    connection.exec_driver_sql(f"CREATE SCHEMA {spare}")
    _move(connection, here, spare)
    _move(connection, ASIDE, here)
    connection.exec_driver_sql(f"DROP SCHEMA {spare}, {ASIDE} CASCADE")


def _drop_aside(connection: Connection) -> None:
    connection.exec_driver_sql(f"DROP SCHEMA {ASIDE} CASCADE")


def _move(connection: Connection, source: str, target: str) -> None:
    """Move all tables, with what belongs to them, views and routines from one schema to another."""
    to = _quoted(connection, target)
    for name, kind, _ in connection.execute(_RELATIONS, {"schema": source}).all():
        relation = f"{_quoted(connection, source)}.{_quoted(connection, name)}"
        connection.exec_driver_sql(f"ALTER {_KINDS[kind]} {relation} SET SCHEMA {to}")
    for routine in connection.scalars(_ROUTINES, {"schema": source}).all():
        connection.exec_driver_sql(f"ALTER ROUTINE {routine} SET SCHEMA {to}")


def _tables(connection: Connection, schema: str) -> list[str]:
    """Return the tables of a schema; partitions are parts of theirs."""
    rows = connection.execute(_RELATIONS, {"schema": schema})
    return [name for name, kind, partition in rows if kind in "rp" and not partition]


def _schema(connection: Connection) -> str:
    return str(connection.exec_driver_sql("SELECT current_schema()").scalar_one())


def _quoted(connection: Connection, name: str) -> str:
    return connection.dialect.identifier_preparer.quote(name)
