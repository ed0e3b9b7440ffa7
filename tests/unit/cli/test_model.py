from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from flask.testing import FlaskCliRunner
from sqlalchemy import update

from visionai.database.sessions import writing
from visionai.models import WeightsPart
from visionai.services.weights import files, versions
from visionai.vision.weights import sha256_of

MANIFEST = Path("ml_models/modelo_emociones.json")


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """Two grey squares of every class in every split, as an .npz."""
    shades = np.random.default_rng(0).integers(0, 255, (42, 48, 48))
    labels, splits = np.tile(np.arange(7), 6), np.repeat(np.arange(3), 14)
    np.savez(tmp_path / "faces.npz", x=shades.astype(np.uint8), y=labels, split=splits)
    return tmp_path / "faces.npz"


def copy_of_the_weights(folder: Path) -> Path:
    for suffix in (".json", ".h5", ".tflite"):
        (folder / MANIFEST.with_suffix(suffix).name).write_bytes(MANIFEST.with_suffix(suffix).read_bytes())
    return folder / MANIFEST.name


def with_another_tag(manifest: Path, tag: str) -> Path:
    values = json.loads(manifest.read_text())
    manifest.write_text(json.dumps(values | {"model_version_tag": tag}))
    return manifest


def missing(folder: Path) -> Path:
    return folder / "missing.json"


def truncated(folder: Path) -> Path:
    manifest = copy_of_the_weights(folder)
    path = manifest.with_suffix(".tflite")
    path.write_bytes(path.read_bytes()[:5000])
    return manifest


def not_json(folder: Path) -> Path:
    (folder / "odd.json").write_text("{")
    return folder / "odd.json"


def truncated_keras(folder: Path) -> Path:
    (folder / "cut.h5").write_bytes(MANIFEST.with_suffix(".h5").read_bytes()[:5000])
    return folder / "cut.h5"


@pytest.mark.parametrize(
    ("command", "make", "named"),
    [
        (["register"], missing, "missing.json"),
        (["register"], truncated, "modelo_emociones.tflite"),
        (["register"], not_json, "odd.json"),
        (["info"], missing, "missing.json"),
        (["info"], truncated, "modelo_emociones.tflite"),
        (["export"], missing, "missing.json"),
        (["export"], truncated_keras, "cut.h5"),
    ],
)
def test_bad_weights_end_in_one_line_and_exit_code_2(
    command: list[str], make, named: str, tmp_path: Path, runner: FlaskCliRunner
) -> None:
    result = runner.invoke(args=["model", *command, str(make(tmp_path))])
    assert result.exit_code == 2
    assert named in result.stderr
    assert "expected" in result.stderr
    assert len(result.stderr.strip().splitlines()) == 1


def test_an_empty_folder_of_data_ends_in_one_line_and_exit_code_2(tmp_path: Path, runner: FlaskCliRunner) -> None:
    result = runner.invoke(args=["model", "train", "--data", str(tmp_path), "--output", str(tmp_path / "run")])
    assert result.exit_code == 2
    assert "expected train/<emotion>/*.jpg" in result.stderr
    assert len(result.stderr.strip().splitlines()) == 1


def test_a_run_is_not_overwritten_by_another(data: Path, tmp_path: Path, runner: FlaskCliRunner) -> None:
    (tmp_path / "checkpoint.npz").touch()
    result = runner.invoke(args=["model", "train", "--data", str(data), "--output", str(tmp_path)])
    assert result.exit_code == 2
    assert "--resume" in result.stderr


def test_there_is_nothing_to_resume_in_an_empty_folder(data: Path, tmp_path: Path, runner: FlaskCliRunner) -> None:
    args = ["model", "train", "--data", str(data), "--output", str(tmp_path / "run"), "--resume"]
    result = runner.invoke(args=args)
    assert result.exit_code == 2
    assert "settings.json" in result.stderr


def test_a_run_is_trained_and_gone_on_with(data: Path, tmp_path: Path, runner: FlaskCliRunner) -> None:
    run = ["model", "train", "--data", str(data), "--output", str(tmp_path / "run"), "--batch-size", "7"]
    first = runner.invoke(args=[*run, "--epochs", "1", "--precision", "float32"])
    assert first.exit_code == 0, first.output
    second = runner.invoke(args=[*run, "--epochs", "2", "--resume"])
    assert "epoch 2/2" in second.output
    assert "epoch 1/2" not in second.output
    assert (tmp_path / "run/weights.h5").exists()
    assert (tmp_path / "run/history.png").exists()


def test_the_committed_weights_are_measured(data: Path, tmp_path: Path, runner: FlaskCliRunner) -> None:
    args = ["model", "evaluate", str(MANIFEST), "--data", str(data), "--output", str(tmp_path / "report")]
    result = runner.invoke(args=args)
    assert result.exit_code == 0, result.output
    assert json.loads((tmp_path / "report/private.json").read_text())["data"]["pictures"] == 14
    assert (tmp_path / "report/private_confusion.png").exists()


def test_figures_are_recorded_where_that_is_asked_for(data: Path, tmp_path: Path, runner: FlaskCliRunner) -> None:
    manifest = copy_of_the_weights(tmp_path)
    args = ["model", "evaluate", str(manifest), "--data", str(data), "--record", "--output", str(tmp_path)]
    assert runner.invoke(args=args).exit_code == 0
    assert json.loads(manifest.read_text())["metrics"]["pictures"] == 14


def test_a_version_is_registered_activated_and_listed(runner: FlaskCliRunner, tmp_path: Path) -> None:
    manifest = with_another_tag(copy_of_the_weights(tmp_path), "v9.9.9")
    for command in (["register", str(manifest)], ["activate", "v9.9.9"]):
        result = runner.invoke(args=["model", *command])
        assert result.exit_code == 0, result.output
    listed = runner.invoke(args=["model", "info", str(manifest)]).output
    assert "v9.9.9" in listed
    assert "active" in listed


def test_a_version_nobody_registered_is_not_activated(runner: FlaskCliRunner) -> None:
    result = runner.invoke(args=["model", "activate", "v0.0.0"])
    assert result.exit_code == 2
    assert "v0.0.0" in result.stderr


def activated(runner: FlaskCliRunner, *words: str) -> str:
    """Run a command of `flask model` that has to work, and return what it says."""
    result = runner.invoke(args=["model", *words])
    assert result.exit_code == 0, result.output
    return result.output


def test_a_version_is_activated_whatever_became_of_the_files_it_was_registered_from(
    runner: FlaskCliRunner, tmp_path: Path
) -> None:
    manifest = with_another_tag(copy_of_the_weights(tmp_path), "v9.9.9")
    activated(runner, "register", str(manifest))
    manifest.with_suffix(".tflite").write_bytes(b"another network")
    with_another_tag(manifest, "v9.9.10")
    assert "v9.9.9 is active" in activated(runner, "activate", "v9.9.9")


def test_a_version_whose_kept_files_are_damaged_is_not_activated(runner: FlaskCliRunner, tmp_path: Path) -> None:
    activated(runner, "register", str(with_another_tag(copy_of_the_weights(tmp_path), "v9.9.9")))
    with writing() as session:
        session.execute(update(WeightsPart).where(WeightsPart.part == 3).values(content=b"another network"))
    result = runner.invoke(args=["model", "activate", "v9.9.9"])
    assert result.exit_code == 2
    assert "modelo_emociones.tflite" in result.stderr
    assert versions.active() is None


def test_a_manifest_is_registered_and_activated_at_once(runner: FlaskCliRunner, tmp_path: Path) -> None:
    manifest = with_another_tag(copy_of_the_weights(tmp_path), "v9.9.9")
    assert "v9.9.9 is active" in activated(runner, "activate", str(manifest))


def test_rolling_back_goes_to_the_version_before_and_then_to_the_one_before_that(
    runner: FlaskCliRunner, tmp_path: Path
) -> None:
    shipped = json.loads(MANIFEST.read_text())["model_version_tag"]
    manifest = copy_of_the_weights(tmp_path)
    for tag in ("v9.9.9", "v9.9.10"):
        activated(runner, "activate", str(with_another_tag(manifest, tag)))
    assert "v9.9.9 is active" in activated(runner, "rollback")
    assert f"{shipped} is active" in activated(runner, "rollback")
    result = runner.invoke(args=["model", "rollback"])
    assert result.exit_code == 2
    assert "No version" in result.stderr


def test_the_files_of_old_versions_are_deleted_and_those_that_may_be_needed_stay(
    runner: FlaskCliRunner, tmp_path: Path
) -> None:
    manifest = copy_of_the_weights(tmp_path)
    for number in range(3):
        with manifest.with_suffix(".tflite").open("ab") as file:
            file.write(b"\0")
        values = json.loads(manifest.read_text())
        values["files"]["tflite"]["sha256"] = sha256_of(manifest.with_suffix(".tflite"))
        manifest.write_text(json.dumps(values))
        activated(runner, "activate", str(with_another_tag(manifest, f"v9.9.{number}")))
    assert len(files.DatabaseStore().kept()) == 4
    assert "v9.9.0" in activated(runner, "prune", "--keep", "1")
    assert len(files.DatabaseStore().kept()) == 3
    result = runner.invoke(args=["model", "activate", "v9.9.0"])
    assert result.exit_code == 2
    assert "v9.9.1 is active" in activated(runner, "rollback")


def test_one_can_come_back_to_the_version_that_was_shipped(tmp_path: Path, runner: FlaskCliRunner) -> None:
    shipped = json.loads(MANIFEST.read_text())["model_version_tag"]
    other = with_another_tag(copy_of_the_weights(tmp_path), "v9.9.9")
    for words in (["register", str(other)], ["activate", "v9.9.9"], ["activate", shipped]):
        result = runner.invoke(args=["model", *words])
        assert result.exit_code == 0, result.output
    assert shipped in result.output


def test_training_says_which_folders_it_takes(runner: FlaskCliRunner) -> None:
    text = " ".join(runner.invoke(args=["model", "train", "--help"]).output.split())
    assert "train/<emotion>/*.jpg" in text
    assert "validation/" in text
