"""`flask predictions`: export and prune."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskCliRunner

from tests.support.rows import a_row
from visionai.services.recording.recorder import recorder

pytestmark = pytest.mark.databases


@pytest.fixture(autouse=True)
def _rows(app: Flask) -> None:
    for when in ("2026-01-01T10:30:00", "2026-01-02T10:30:00"):
        recorder.write(a_row(when=when))
    recorder.write(a_row())


def test_all_rows_are_exported_to_standard_output(runner: FlaskCliRunner) -> None:
    result = runner.invoke(args=["predictions", "export"])
    assert result.exit_code == 0
    assert [row["id"] for row in csv.DictReader(io.StringIO(result.output))] == ["1", "2", "3"]


def test_all_rows_are_exported_to_a_file(runner: FlaskCliRunner, tmp_path: Path) -> None:
    file = tmp_path / "rows.json"
    assert runner.invoke(args=["predictions", "export", "--format", "json", "-o", str(file)]).exit_code == 0
    assert [row["id"] for row in json.loads(file.read_text())] == [1, 2, 3]


def test_a_file_that_cannot_be_written_is_one_line_and_exit_code_2(runner: FlaskCliRunner, tmp_path: Path) -> None:
    result = runner.invoke(args=["predictions", "export", "-o", str(tmp_path / "no" / "such" / "folder.csv")])
    assert result.exit_code == 2
    assert "No such file" in result.output
    assert "Traceback" not in result.output


@pytest.mark.parametrize(("options", "deleted"), [(["--before", "2026-01-02"], 1), (["--days", "1"], 2)])
def test_old_rows_are_pruned(runner: FlaskCliRunner, options: list[str], deleted: int) -> None:
    assert runner.invoke(args=["predictions", "prune", *options]).output == f"Deleted {deleted} predictions.\n"


@pytest.mark.parametrize(
    "options", [[], ["--before", "2026-01-02", "--days", "1"], ["--days", "-1"], ["--days", "x"], ["--before", "x"]]
)
def test_what_to_prune_must_be_said(runner: FlaskCliRunner, options: list[str]) -> None:
    assert runner.invoke(args=["predictions", "prune", *options]).exit_code == 2


def test_partitions_that_are_there_are_not_made_again(runner: FlaskCliRunner) -> None:
    assert runner.invoke(args=["predictions", "partitions"]).output == "Made 0 partitions.\n"
