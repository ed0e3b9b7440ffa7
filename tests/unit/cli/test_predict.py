"""`flask predict`, with the network that is served."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from flask.testing import FlaskCliRunner
from PIL import Image
from skimage import data

from visionai.extensions import db
from visionai.models import PredictionLog


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "pictures"
    (folder / "below").mkdir(parents=True)
    Image.fromarray(data.astronaut()).save(folder / "astronaut.jpg")
    Image.fromarray(data.coffee()).save(folder / "below" / "coffee.png")
    (folder / "notes.txt").write_text("not a picture")
    return folder


def lines(output: str) -> list[dict]:
    return [json.loads(line) for line in output.splitlines() if line.startswith("{")]


def test_a_smiling_face_is_happy(runner: FlaskCliRunner, folder: Path) -> None:
    result = runner.invoke(args=["predict", str(folder / "astronaut.jpg"), "--json"])
    assert [face["emotion_name"] for row in lines(result.output) for face in row["faces"]] == ["happy"]


def test_a_folder_is_read_with_those_below_it_and_nothing_but_pictures(runner: FlaskCliRunner, folder: Path) -> None:
    result = runner.invoke(args=["predict", str(folder), "--json"])
    assert [Path(row["file"]).name for row in lines(result.output)] == ["astronaut.jpg", "coffee.png"]
    assert result.exit_code == 0


def test_the_table_names_file_expression_and_confidence(runner: FlaskCliRunner, folder: Path) -> None:
    output = runner.invoke(args=["predict", str(folder)]).output
    assert "astronaut.jpg" in output
    assert "happy" in output
    assert "no face" in output


def test_nothing_is_recorded(runner: FlaskCliRunner, folder: Path) -> None:
    runner.invoke(args=["predict", str(folder)])
    assert db.session.query(PredictionLog).count() == 0


def test_a_crop_is_read_without_detection(runner: FlaskCliRunner, folder: Path) -> None:
    result = runner.invoke(args=["predict", str(folder / "below" / "coffee.png"), "--no-detect", "--json"])
    [row] = lines(result.output)
    assert row["faces"][0]["detection_confidence"] is None


@pytest.mark.parametrize(("options", "prior"), [([], "even"), (["--prior", "typical"], "typical")])
def test_every_line_names_the_prior_that_was_used(
    runner: FlaskCliRunner, folder: Path, options: list[str], prior: str
) -> None:
    result = runner.invoke(args=["predict", str(folder), "--json", *options])
    assert [row["prior"] for row in lines(result.output)] == [prior, prior]


@pytest.mark.parametrize("settings", [{"PRIOR": "typical"}], ids=["typical"])
def test_the_setting_chooses_the_prior_where_no_option_does(runner: FlaskCliRunner, folder: Path) -> None:
    result = runner.invoke(args=["predict", str(folder / "astronaut.jpg"), "--json"])
    assert [row["prior"] for row in lines(result.output)] == ["typical"]


def test_a_prior_that_does_not_exist_is_exit_code_2_and_names_those_that_do(
    runner: FlaskCliRunner, folder: Path
) -> None:
    result = runner.invoke(args=["predict", str(folder), "--prior", "odd"])
    assert result.exit_code == 2
    assert "'even', 'typical'" in result.output


def test_a_broken_picture_does_not_stop_the_others(runner: FlaskCliRunner, folder: Path) -> None:
    whole = (folder / "astronaut.jpg").read_bytes()
    (folder / "a_broken.jpg").write_bytes(whole[: len(whole) // 2])
    result = runner.invoke(args=["predict", str(folder), "--json"])
    failure = lines(result.output)[0]["error"]
    assert (failure["code"], set(failure)) == ("broken_image", {"code", "message", "details"})
    assert ["error" in row for row in lines(result.output)] == [True, False, False]
    assert result.exit_code == 2


@pytest.mark.parametrize("name", ["missing.jpg", "empty"])
def test_a_missing_file_or_an_empty_folder_is_one_line_and_exit_code_2(
    runner: FlaskCliRunner, tmp_path: Path, name: str
) -> None:
    (tmp_path / "empty").mkdir()
    result = runner.invoke(args=["predict", str(tmp_path / name)])
    assert result.exit_code == 2
    assert name in result.output
    assert "Traceback" not in result.output
