"""`flask db move`, beside Flask-Migrate's commands: everything from SQLite to PostgreSQL."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import click
from flask.cli import with_appcontext
from flask_migrate.cli import db as database

from ..errors import SetupError
from ..services.backup import moving
from .backup import tell
from .groups import told_in_one_line


@database.command()
@click.argument("source")
@click.argument("target", required=False)
@with_appcontext
@told_in_one_line()
def move(source: str, target: str | None) -> None:
    """Move everything from SOURCE (sqlite:///...) to TARGET (postgresql://...). Stop the server first.

    Without TARGET it goes to the database that DATABASE_URL names, so that no password stands on a command line. All is
    moved or nothing; TARGET has to be empty. Exits with 1 where the counters are not what the log holds.
    """
    if target is not None:
        _in_another_process(source, target)
        return
    scheme, found, path = source.partition(":///")
    if scheme != "sqlite" or not found:
        raise SetupError("Expected sqlite:///path/to/visionai.sqlite3 to move from")
    counts, differences = moving.move(Path(path))
    click.echo(f"Moved {sum(counts.values()):,} rows of {len(counts)} tables.")
    tell(differences)


def _in_another_process(source: str, target: str) -> None:
    """Run the command where DATABASE_URL names the target: an application speaks to one database."""
    command = [sys.executable, "-m", "flask", "db", "move", source]
    done = subprocess.run(command, env={**os.environ, "DATABASE_URL": target}, check=False)  # noqa: S603
    if done.returncode:
        raise SystemExit(done.returncode)
