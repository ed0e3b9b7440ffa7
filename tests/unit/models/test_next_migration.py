"""A migration to come: what it says of older code, tables in use, an index that is made while others write."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psycopg2
import pytest
from flask import Flask
from flask_migrate import downgrade, upgrade
from sqlalchemy import delete, inspect, select

import config as configuration
from tests.support.postgres import Cluster
from visionai import create_app
from visionai.database import revisions
from visionai.database.revisions import COMPATIBILITY
from visionai.extensions import db

COLUMN = """
import sqlalchemy as sa
from alembic import op

revision = "9998"
down_revision = "{before}"
compatible_with = down_revision


def upgrade():
    op.add_column("users", sa.Column("next", sa.Integer()))


def downgrade():
    op.drop_column("users", "next")
"""

INDEX = """
from alembic import op

revision = "9999"
down_revision = "9998"
compatible_with = down_revision


def upgrade():
    if op.get_context().dialect.name == "postgresql":
        with op.get_context().autocommit_block():
            op.drop_index("ix_users_next", if_exists=True, postgresql_concurrently=True)
            op.create_index("ix_users_next", "users", ["next"], postgresql_concurrently=True)
    else:
        op.create_index("ix_users_next", "users", ["next"])


def downgrade():
    op.drop_index("ix_users_next", "users")
"""


@pytest.fixture
def migrations(tmp_path: Path) -> str:
    """The folder of a release to come, which has two migrations more."""
    folder = tmp_path / "migrations"
    shutil.copytree(configuration.ROOT / "migrations", folder, ignore=shutil.ignore_patterns("__pycache__"))
    (folder / "versions" / "9998_column.py").write_text(COLUMN.format(before=revisions.known()[0]))
    (folder / "versions" / "9999_index.py").write_text(INDEX)
    return str(folder)


@pytest.fixture
def app(tables: str, tmp_path: Path) -> Iterator[Flask]:
    """An application on a database of this release."""
    app = create_app(configuration.Testing(tmp_path, DATABASE_URL=tables))
    with app.app_context():
        yield app
        db.engine.dispose()


def revision_and_oldest() -> tuple[str | None, str | None]:
    """Return the revision of the database, and the oldest one whose code it says it serves."""
    with db.engine.connect() as connection:
        now = revisions.current(connection)
        return now, connection.scalar(select(COMPATIBILITY.c.compatible_with).where(COMPATIBILITY.c.revision == now))


@pytest.mark.databases
def test_what_it_says_of_older_code_is_written_each_time(app: Flask, migrations: str) -> None:
    for _ in range(2):
        upgrade(migrations, "9998")
        assert revision_and_oldest() == ("9998", revisions.known()[0])
        upgrade(migrations)
        assert revision_and_oldest() == ("9999", "9998")
        downgrade(migrations, revisions.known()[0])
    assert revision_and_oldest()[0] == revisions.known()[0]


class TestPostgreSQL:
    @pytest.fixture
    def database_url(self, cluster: Cluster) -> str:
        return cluster.new_database()

    @pytest.fixture
    def reader(self, tables: str) -> Iterator[psycopg2.extensions.connection]:
        """Somebody whose transaction has read the users, and goes on."""
        connection = psycopg2.connect(tables)
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM users")
        yield connection
        connection.close()

    def test_a_table_that_is_in_use_ends_it_with_a_word_of_advice_and_nothing_done(
        self, app: Flask, migrations: str, reader: psycopg2.extensions.connection, caplog: pytest.LogCaptureFixture
    ) -> None:
        with pytest.raises(SystemExit) as ended:
            upgrade(migrations, x_arg=["lock_timeout_ms=50"])
        assert ended.value.code == 1
        (line,) = [record.getMessage() for record in caplog.records if record.name == "flask_migrate"]
        assert "A table was in use for 0.1 s" in line
        assert "lock_timeout_ms=60000" in line
        assert revision_and_oldest()[0] == revisions.known()[0]
        reader.rollback()
        upgrade(migrations, x_arg=["lock_timeout_ms=50"])
        assert revision_and_oldest()[0] == "9999"

    def test_a_patience_that_is_no_number_is_said(
        self, app: Flask, migrations: str, caplog: pytest.LogCaptureFixture
    ) -> None:
        with pytest.raises(SystemExit):
            upgrade(migrations, x_arg=["lock_timeout_ms=5s"])
        assert "lock_timeout_ms takes milliseconds" in caplog.text

    def test_of_two_at_once_one_waits_even_while_the_other_makes_an_index_concurrently(
        self, app: Flask, tables: str, migrations: str, tmp_path: Path
    ) -> None:
        settings = {"DATABASE_URL": tables, "INSTANCE_PATH": str(tmp_path), "SECRET_KEY": "x" * 32}
        command = [sys.executable, "-m", "flask", "--app", "visionai", "db", "upgrade", "--directory", migrations]
        started = [
            subprocess.Popen(command, cwd=configuration.ROOT, env=os.environ | settings, stderr=subprocess.PIPE)
            for _ in range(2)
        ]
        outcomes = [(process.communicate()[1], process.returncode) for process in started]
        assert [code for _, code in outcomes] == [0, 0], outcomes
        with db.engine.connect() as connection:
            (index,) = [one for one in inspect(connection).get_indexes("users") if one["name"] == "ix_users_next"]
        assert index["column_names"] == ["next"]

    def test_a_revision_that_says_nothing_serves_its_own_code_alone(self, app: Flask, migrations: str) -> None:
        upgrade(migrations)
        with db.engine.begin() as connection:
            connection.execute(delete(COMPATIBILITY).where(COMPATIBILITY.c.revision == "9999"))
        assert revision_and_oldest() == ("9999", None)
