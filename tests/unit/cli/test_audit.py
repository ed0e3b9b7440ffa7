"""`flask model audit`, with the network that is served."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from flask.testing import FlaskCliRunner
from PIL import Image
from skimage import data


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Two pictures, one of them without a face."""
    Image.fromarray(data.astronaut()).save(tmp_path / "astronaut.jpg")
    Image.fromarray(data.coffee()).save(tmp_path / "coffee.jpg")
    rows = ("file,label,subject,gender", "astronaut.jpg,happy,1,female", "coffee.jpg,neutral,2,none")
    (tmp_path / "manifest.csv").write_text("\n".join(rows))
    return tmp_path


def test_a_folder_is_audited_into_json_and_markdown(runner: FlaskCliRunner, folder: Path) -> None:
    args = ["model", "audit", "--data", str(folder), "--output", str(folder / "report"), "--source", "Somebody, CC0"]
    result = runner.invoke(args=args)
    assert result.exit_code == 0, result.output
    report = json.loads((folder / "report" / "fairness.json").read_text())
    assert (report["data"]["faces_found"], report["data"]["source"]) == (1, "Somebody, CC0")
    assert "Somebody, CC0" in (folder / "report" / "fairness.md").read_text()


def test_a_missing_manifest_is_one_line_and_exit_code_2(runner: FlaskCliRunner, tmp_path: Path) -> None:
    result = runner.invoke(args=["model", "audit", "--data", str(tmp_path)])
    assert result.exit_code == 2
    assert len(result.stderr.strip().splitlines()) == 1
    assert "manifest.csv" in result.stderr
