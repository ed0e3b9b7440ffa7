from __future__ import annotations

import os
import subprocess
import sys
import warnings
from collections.abc import Iterator
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import Flask
from flask_migrate import downgrade, upgrade
from sqlalchemy import inspect, select, text

import config as configuration
from visionai import create_app
from visionai.database import revisions
from visionai.database.partitions import is_ours_to_migrate
from visionai.database.revisions import COMPATIBILITY
from visionai.extensions import Base, db
from visionai.vision.emotions import EMOTIONS

pytestmark = pytest.mark.databases


@pytest.fixture
def app(database_url: str, tmp_path: Path) -> Iterator[Flask]:
    """An application whose database the migrations made."""
    app = create_app(configuration.Testing(tmp_path, DATABASE_URL=database_url))
    with app.app_context():
        upgrade()
        yield app
        db.engine.dispose()


def test_the_migrations_make_what_the_models_say(app: Flask) -> None:
    with db.engine.connect() as connection, warnings.catch_warnings():
        # The index on lower(username) cannot be read back from SQLite.
        warnings.filterwarnings("ignore", message=".*expression-based index")
        context = MigrationContext.configure(
            connection, opts={"compare_type": True, "include_object": is_ours_to_migrate}
        )
        assert compare_metadata(context, Base.metadata) == []


def test_the_seven_emotions_are_seeded_in_spanish(app: Flask) -> None:
    with db.engine.connect() as connection:
        rows = connection.execute(text("SELECT emotion_id, emotion_name, emotion_desc FROM emotion_classes"))
        assert sorted(map(tuple, rows)) == [(one.id, one.value, one.description("es")) for one in EMOTIONS]


def test_the_view_has_the_columns_of_the_contract(app: Flask) -> None:
    columns = [column["name"] for column in inspect(db.engine).get_columns("prediction_history")]
    assert columns == [
        "id",
        "timestamp",
        "username",
        "emotion_name",
        "confidence",
        "model_version_tag",
        "processing_time_ms",
        "source_ip",
    ]


def test_the_migrations_go_down_and_up_again(app: Flask) -> None:
    downgrade(revision="base")
    assert inspect(db.engine).get_table_names() == ["alembic_version"]
    assert inspect(db.engine).get_view_names() == []
    upgrade()
    assert inspect(db.engine).get_view_names() == ["prediction_history"]


def test_upgrading_twice_changes_nothing(app: Flask) -> None:
    before = inspect(db.engine).get_table_names()
    upgrade()
    assert inspect(db.engine).get_table_names() == before


def test_of_processes_that_upgrade_at_once_one_does_and_the_others_find_it_done(
    database_url: str, tmp_path: Path
) -> None:
    settings = {"DATABASE_URL": database_url, "INSTANCE_PATH": str(tmp_path), "SECRET_KEY": "x" * 32}
    command = [sys.executable, "-m", "flask", "--app", "visionai", "db", "upgrade"]
    started = [
        subprocess.Popen(command, cwd=configuration.ROOT, env=os.environ | settings, stderr=subprocess.PIPE)
        for _ in range(2)
    ]
    outcomes = [(process.communicate()[1], process.returncode) for process in started]
    assert [code for _, code in outcomes] == [0, 0], outcomes


def noted() -> list[tuple[str, str]]:
    with db.engine.connect() as connection:
        return [tuple(row) for row in connection.execute(select(COMPATIBILITY).order_by(COMPATIBILITY.c.revision))]


def test_the_database_says_which_older_code_each_revision_serves(app: Flask) -> None:
    scripts = [ScriptDirectory(str(configuration.ROOT / "migrations")).get_revision(name) for name in revisions.known()]
    said = {script.revision: getattr(script.module, "compatible_with", None) for script in scripts}
    assert noted() == sorted((revision, oldest) for revision, oldest in said.items() if oldest)
    assert ("0004", "0003") in noted()


def test_postgresql_keeps_addresses_instants_and_large_ids_as_such(app: Flask) -> None:
    if db.engine.dialect.name == "sqlite":
        return
    types = {column["name"]: column["type"] for column in inspect(db.engine).get_columns("predictions_log")}
    assert (str(types["predic_id"]), str(types["source_ip"])) == ("BIGINT", "INET")
    assert types["timestamp"].timezone
