from __future__ import annotations

from pathlib import Path

import pytest
from flask.testing import FlaskCliRunner
from sqlalchemy import update

from tests.support.rows import a_row
from visionai.database.sessions import writing
from visionai.models import PredictionTotal
from visionai.services.recording.recorder import recorder


@pytest.fixture
def file(runner: FlaskCliRunner, tmp_path: Path) -> Path:
    """A backup of a database with a row."""
    recorder.write(a_row())
    result = runner.invoke(args=["backup", "create", str(tmp_path / "backup.tar")])
    assert result.exit_code == 0, result.output
    assert "signing keys" in result.output
    return tmp_path / "backup.tar"


def test_a_whole_backup_is_described(runner: FlaskCliRunner, file: Path) -> None:
    result = runner.invoke(args=["backup", "verify", str(file)])
    assert result.exit_code == 0, result.output
    for part in ("is whole", "sqlite", "with signing keys", "predictions_log", "weights v1"):
        assert part in result.output


def test_a_backup_that_is_not_whole_is_exit_code_1(runner: FlaskCliRunner, file: Path) -> None:
    file.write_bytes(file.read_bytes()[:-20_000_000])
    result = runner.invoke(args=["backup", "verify", str(file)])
    assert result.exit_code == 1
    assert len(result.stderr.strip().splitlines()) == 1


@pytest.mark.parametrize("command", ["verify", "restore"])
def test_a_backup_that_is_not_there_is_one_line_and_exit_code_2(
    runner: FlaskCliRunner, command: str, tmp_path: Path
) -> None:
    result = runner.invoke(args=["backup", command, str(tmp_path / "none.tar")])
    assert result.exit_code == 2
    assert "none.tar" in result.stderr


def test_a_database_in_use_is_refused_with_exit_code_2(runner: FlaskCliRunner, file: Path) -> None:
    result = runner.invoke(args=["backup", "restore", str(file)])
    assert result.exit_code == 2
    assert "--replace" in result.stderr


def test_a_restored_database_whose_counters_are_wrong_is_exit_code_1(
    runner: FlaskCliRunner, file: Path, tmp_path: Path
) -> None:
    with writing() as session:
        session.execute(update(PredictionTotal).values(count=7))
    assert runner.invoke(args=["backup", "create", str(tmp_path / "wrong.tar")]).exit_code == 0
    good = runner.invoke(args=["backup", "restore", str(file), "--replace"])
    assert (good.exit_code, "are what the log holds" in good.output) == (0, True)
    wrong = runner.invoke(args=["backup", "restore", str(tmp_path / "wrong.tar"), "--replace"])
    assert wrong.exit_code == 1
    assert "flask stats rebuild --check" in wrong.output


def test_one_moves_from_sqlite_alone(runner: FlaskCliRunner) -> None:
    result = runner.invoke(args=["db", "move", "postgresql://localhost/visionai"])
    assert result.exit_code == 2
    assert "sqlite:///" in result.stderr
