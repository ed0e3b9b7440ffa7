"""`flask model calibrate`: a folder of pictures becomes a calibration, or one clear line."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from flask.testing import FlaskCliRunner
from PIL import Image
from skimage import data

from tests.unit.vision.test_fitting import readings
from tests.unit.vision.test_trial import OFF
from visionai import ROOT
from visionai.cli import calibration as module
from visionai.services.weights import calibrations
from visionai.vision.emotions import EMOTIONS
from visionai.vision.images.decoding import decode
from visionai.vision.weights import WeightsManifest

NUMBER_OF_NO_FACE = 999

SHIPPED = ROOT / "ml_models/modelo_emociones.json"
TAG = WeightsManifest.read(SHIPPED).model_version_tag


class Network:
    """Weights that read a picture by its number, the colour of its first pixel; 999 has no face."""

    def __init__(self, shift: tuple[float, ...]) -> None:
        odds, _ = readings(20, shift)
        powers = np.exp(odds - odds.max(axis=1, keepdims=True))
        self._probabilities = (powers / powers.sum(axis=1, keepdims=True)).astype(np.float32)
        self.manifest = WeightsManifest(TAG, None, None)

    def analyzer(self) -> Network:
        return self

    def probabilities(self, data: bytes, limits: object):
        red, green, _ = decode(data, limits).image.getpixel((0, 0))
        number = red * 256 + green
        return None if number == NUMBER_OF_NO_FACE else self._probabilities[number]


@pytest.fixture
def network(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Let a network serve that is off by a shift."""

    def serve(shift: tuple[float, ...] = OFF) -> None:
        monkeypatch.setattr(module, "served_weights", lambda: Network(shift))

    serve()
    return serve


def number(file: Path, value: int) -> None:
    Image.new("RGB", (16, 16), (value // 256, value % 256, 0)).save(file)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Twenty pictures of every emotion."""
    for index, emotion in enumerate(EMOTIONS):
        (tmp_path / "set" / emotion).mkdir(parents=True)
        for row in range(20):
            number(tmp_path / "set" / emotion / f"{row}.png", 20 * index + row)
    return tmp_path / "set"


def calibrate(runner: FlaskCliRunner, folder: Path, *options: str):
    return runner.invoke(args=["model", "calibrate", "--data", str(folder), "--name", "office", *options])


def refused(result) -> str:
    assert result.exit_code == 2, result.output
    lines = [line for line in result.stderr.strip().splitlines() if not line.startswith("Skipped: ")]
    assert len(lines) == 1, result.stderr
    return lines[0]


def test_a_calibration_that_helps_is_kept_and_listed(runner: FlaskCliRunner, network, folder: Path) -> None:
    result = calibrate(runner, folder)
    assert result.exit_code == 0, result.output
    assert f"{TAG}+office is kept" in result.output
    assert calibrations.in_force(TAG) is None
    assert f"{TAG}+office" in runner.invoke(args=["model", "calibrations"]).output


def test_a_calibration_is_put_into_force_at_once_where_that_is_asked_for(
    runner: FlaskCliRunner, network, folder: Path
) -> None:
    assert f"{TAG}+office is active" in calibrate(runner, folder, "--activate").output
    assert calibrations.in_force(TAG) is not None


def test_a_calibration_is_activated_and_rolled_back_by_its_tag(runner: FlaskCliRunner, network, folder: Path) -> None:
    calibrate(runner, folder)
    for tag, name in ((f"{TAG}+office", "office"), (TAG, None)):
        assert runner.invoke(args=["model", "activate", tag]).exit_code == 0
        found = calibrations.in_force(TAG)
        assert (found.name if found else None) == name


def test_what_does_not_help_is_refused_with_its_figures(runner: FlaskCliRunner, network, folder: Path) -> None:
    network((0.0,) * 7)
    line = refused(calibrate(runner, folder))
    assert "does not help" in line
    assert "standard error" in line
    assert calibrations.list_calibrations() == []


def test_a_name_that_is_taken_is_refused_before_anything_is_read(runner: FlaskCliRunner, network, folder: Path) -> None:
    calibrate(runner, folder)
    assert "Choose another" in refused(calibrate(runner, folder))


def test_folders_may_be_named_in_spanish(runner: FlaskCliRunner, network, folder: Path) -> None:
    (folder / "happy").rename(folder / "Alegría")
    assert calibrate(runner, folder).exit_code == 0
    assert calibrations.list_calibrations()[0].pictures["happy"] == 20


def remove_all_but_one_class(folder: Path) -> None:
    for emotion in EMOTIONS[1:]:
        for file in (folder / emotion).iterdir():
            file.unlink()


def remove_all_but_three(folder: Path) -> None:
    for file in list(folder.rglob("*.png"))[3:]:
        file.unlink()


def exchange_two(folder: Path) -> None:
    (folder / "happy").rename(folder / "other")
    (folder / "sad").rename(folder / "happy")
    (folder / "other").rename(folder / "sad")


def shuffle(folder: Path) -> None:
    files = sorted(folder.rglob("*.png"))
    for file, value in zip(files, np.random.default_rng(0).permutation(len(files)), strict=True):
        number(file, int(value))


def hide_nearly_all_faces(folder: Path) -> None:
    for file in sorted(folder.rglob("*.png")):
        if int(file.stem) >= 3:
            number(file, NUMBER_OF_NO_FACE)


def empty(folder: Path) -> None:
    for file in folder.rglob("*.png"):
        file.unlink()


def move_away(folder: Path) -> None:
    folder.rename(folder.with_name("elsewhere"))


def lead_out_of_the_folder(folder: Path) -> None:
    for emotion in EMOTIONS:
        outside = folder.with_name(f"outside-{emotion}")
        (folder / emotion).rename(outside)
        (folder / emotion).symlink_to(outside)


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (remove_all_but_one_class, "at least two expressions with 5 pictures"),
        (remove_all_but_three, "at least two expressions with 5 pictures"),
        (hide_nearly_all_faces, "at least two expressions with 5 pictures"),
        (exchange_two, "“happy” are read as “sad”"),
        (shuffle, "no better than by chance"),
        (empty, "no pictures; expected <emotion>/*.jpg"),
        (move_away, "no such folder"),
        (lead_out_of_the_folder, "no pictures; expected <emotion>/*.jpg"),
    ],
)
def test_a_set_that_cannot_be_fitted_to_is_one_line(
    spoil, said: str, runner: FlaskCliRunner, network, folder: Path
) -> None:
    spoil(folder)
    assert said in refused(calibrate(runner, folder))
    assert calibrations.list_calibrations() == []


def test_what_cannot_be_read_is_counted_and_the_rest_is_used(runner: FlaskCliRunner, network, folder: Path) -> None:
    for row in range(10):
        number(folder / "sad" / f"{row}.png", NUMBER_OF_NO_FACE)
    (folder / "sad" / "10.png").write_bytes(b"not a picture")
    (folder / "sad" / "11.png").write_bytes(b"")
    Image.new("1", (9000, 9000)).save(folder / "sad" / "12.png")
    (folder / "sad" / "13.png").unlink()
    (folder / "sad" / "13.png").symlink_to("/etc/hostname")
    (folder / "sad" / "14.png").unlink()
    (folder / "sad" / "14.png").symlink_to("nothing")
    result = calibrate(runner, folder)
    skipped = "10 without a face, 1 links out of the folder, 1 image_too_large, 1 missing_image, 1 unsupported_format"
    assert skipped in result.stderr
    assert calibrations.list_calibrations()[0].pictures["sad"] == 5


@pytest.mark.parametrize("name", ["", "a b", "a+b", "x" * 41])
def test_a_name_that_does_not_fit_is_one_line(name: str, runner: FlaskCliRunner, network, folder: Path) -> None:
    args = ["model", "calibrate", "--data", str(folder), "--name", name]
    assert "expected a name of 1 to 40 characters" in refused(runner.invoke(args=args))


def test_pictures_go_through_detection_and_the_network_that_is_served(runner: FlaskCliRunner, tmp_path: Path) -> None:
    for emotion, picture in (("happy", data.astronaut()), ("sad", data.coffee())):
        (tmp_path / emotion).mkdir()
        Image.fromarray(picture).save(tmp_path / emotion / "one.jpg")
    result = calibrate(runner, tmp_path)
    assert "Skipped: 1 without a face." in result.stderr
    assert "happy 1" in refused(result)
