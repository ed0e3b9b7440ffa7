"""Rules for migrations: those that have landed stay as they are, and new ones neither lock nor surprise."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import cast

import pytest
from alembic.script import Script, ScriptDirectory
from flask import Flask
from flask_migrate import upgrade

import config as configuration
from visionai import ROOT, create_app

FOLDER = ROOT / "migrations"
LANDED = FOLDER / "landed.sha256"
COMPATIBILITY = "schema_compatibility"

EXCUSED = {
    "0003": {
        "adding-serial-primary-key-field",
        "ban-drop-constraint",
        "ban-drop-view",
        "constraint-missing-not-valid",
        "disallowed-unique-constraint",
        "renaming-object",
        "renaming-table",
        "require-concurrent-index-deletion",
    },
}
"""The rules of squawk that a migration breaks which had landed before they held, and cannot be changed any more."""


def scripts() -> list[Script]:
    """Every migration from the first to the newest."""
    return [*ScriptDirectory(str(FOLDER)).walk_revisions()][::-1]


def landed() -> dict[str, str]:
    """The files that have landed, with their SHA-256."""
    lines = [line.split() for line in LANDED.read_text().splitlines()]
    return {name: digest for digest, name in lines}


def module(script: Script) -> ModuleType:
    return cast(ModuleType, script.module)


def test_a_migration_that_has_landed_is_never_edited() -> None:
    now = {name: hashlib.sha256((ROOT / name).read_bytes()).hexdigest() for name in landed()}
    assert now == landed()


def test_those_that_have_landed_are_the_first_ones() -> None:
    files = [str(Path(script.path).relative_to(ROOT)) for script in scripts()]
    assert list(landed()) == files[: len(landed())]
    assert len(landed()) >= 3


def test_each_follows_the_one_before() -> None:
    chain = scripts()
    assert [script.down_revision for script in chain] == [None, *(script.revision for script in chain[:-1])]


def test_each_says_which_older_code_runs_on_it_since_that_can_be_said() -> None:
    chain = scripts()
    names = [script.revision for script in chain]
    first = next(index for index, script in enumerate(chain) if COMPATIBILITY in Path(script.path).read_text())
    for index, script in enumerate(chain[first:], first):
        assert hasattr(module(script), "compatible_with"), script.path
        assert module(script).compatible_with in (None, *names[:index]), script.path


# The SQL for PostgreSQL, as squawk reads it ---------------------------------------------------------------------------


@pytest.fixture(scope="module")
def offline(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """An application that knows of a PostgreSQL and does not reach it."""
    url = "postgresql://nobody@localhost:1/nowhere"
    app = create_app(configuration.Testing(tmp_path_factory.mktemp("offline"), DATABASE_URL=url))
    with app.app_context():
        yield app


def broken_rules(sql: str, folder: Path) -> set[str]:
    """Return the rules of squawk that `sql` breaks."""
    file = folder / "migration.sql"
    file.write_text(sql)
    program = shutil.which("squawk", path=f"{Path(sys.executable).parent}:{os.environ['PATH']}")
    if program is None:
        pytest.skip("squawk is not installed here (pip install -r requirements/dev.txt)")
    command = [program, "--config", str(ROOT / "migrations" / "squawk.toml"), "--reporter", "json", str(file)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode in (0, 1), done.stderr
    return {found["rule_name"] for found in json.loads(done.stdout)}


@pytest.mark.parametrize("script", scripts(), ids=lambda script: script.revision)
def test_squawk_finds_nothing_in_its_sql(
    offline: Flask, script: Script, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    upgrade(revision=f"{script.down_revision or 'base'}:{script.revision}", sql=True)
    assert broken_rules(capsys.readouterr().out, tmp_path) == EXCUSED.get(script.revision, set())


def test_squawk_finds_an_index_that_keeps_writers_waiting(tmp_path: Path) -> None:
    sql = "BEGIN; SET LOCAL lock_timeout = 5000; CREATE INDEX later ON users (created_at); COMMIT;"
    assert "require-concurrent-index-creation" in broken_rules(sql, tmp_path)
