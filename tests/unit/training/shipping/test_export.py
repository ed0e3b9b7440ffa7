from __future__ import annotations

import json
from pathlib import Path

import keras
import numpy as np
import pytest

from visionai.errors import WeightsError
from visionai.training.data.dataset import Dataset
from visionai.training.network.weights import load_classifier, save_classifier
from visionai.training.shipping.export import check_agreement, export
from visionai.vision.priors import Prior
from visionai.vision.weights import WeightsManifest, sha256_of


@pytest.fixture
def exported(weights: Path, dataset: Dataset, tmp_path: Path) -> Path:
    return export(weights, tmp_path, "stripes", "v0.1.0", dataset).path


def test_both_files_answer_alike(weights: Path, tmp_path: Path) -> None:
    assert export(weights, tmp_path, "stripes").difference < 1e-4


def test_the_manifest_is_read_by_the_server(exported: Path) -> None:
    manifest = WeightsManifest.read(exported)
    assert manifest.model_version_tag == "v0.1.0"
    assert manifest.keras is not None
    assert manifest.tflite is not None
    assert manifest.tflite.sha256 == sha256_of(exported.with_suffix(".tflite"))
    assert manifest.total_params == load_classifier(exported.with_suffix(".h5")).count_params()


def test_the_manifest_has_the_promised_fields_and_no_others(exported: Path) -> None:
    assert list(json.loads(exported.read_text())) == [
        "model_version_tag",
        "files",
        "input_shape",
        "emotion_classes",
        "total_params",
        "learned_shares",
        "priors",
        "uncertain_threshold",
        "crop",
        "metrics",
        "settings",
    ]


def test_the_settings_of_the_run_come_along(exported: Path) -> None:
    settings = WeightsManifest.read(exported).settings
    assert settings["seed"] == 1
    assert len(settings["data_sha256"]) == 64


def test_exporting_again_keeps_calibration_tag_and_crop(exported: Path) -> None:
    values = json.loads(exported.read_text())
    values["crop"]["scale"] = 1.25
    exported.write_text(json.dumps(values))
    again = export(exported.with_suffix(".h5"), exported.parent, "stripes").manifest
    assert again.priors[Prior.EVEN].temperature == values["priors"]["even"]["temperature"]
    assert again.model_version_tag == "v0.1.0"
    assert again.crop.scale == 1.25


def test_a_shift_in_the_last_layer_becomes_class_shares_of_the_manifest(
    weights: Path, dataset: Dataset, tmp_path: Path
) -> None:
    old = export(weights, tmp_path, "old").path
    shift = np.array([0.1, 0.3, 0.2, 0.0, 0.0, 0.1, 0.1], np.float32)
    classifier = load_classifier(old.with_suffix(".h5"))
    kernel, bias = classifier.get_layer("logits").get_weights()
    classifier.get_layer("logits").set_weights([kernel, bias + shift])
    save_classifier(classifier, old.with_suffix(".h5"))
    values = json.loads(old.read_text())
    values["settings"]["balance"] = {"strength": 0.1, "shift": shift.tolist()}
    old.write_text(json.dumps(values))
    new = export(old.with_suffix(".h5"), tmp_path / "new", "new", dataset=dataset)
    assert load_classifier(tmp_path / "new/new.h5").get_layer("logits").get_weights()[1] == pytest.approx(
        bias, abs=1e-6
    )
    assert "balance" not in new.manifest.settings
    assert new.manifest.learned_shares is not None


def test_files_that_answer_differently_are_refused(exported: Path) -> None:
    other = load_classifier(exported.with_suffix(".h5"))
    kernel, bias = other.get_layer("logits").get_weights()
    other.get_layer("logits").set_weights([kernel, bias + np.arange(7)])
    with pytest.raises(WeightsError, match="differ"):
        check_agreement(other, WeightsManifest.read(exported))


def write_nothing(path: Path) -> None:
    """Leave the file missing."""


def write_half(path: Path) -> None:
    keras.Sequential([keras.Input((96, 96, 3)), keras.layers.Flatten(), keras.layers.Dense(7)]).save(path)
    path.write_bytes(path.read_bytes()[:1000])


def write_small_input(path: Path) -> None:
    keras.Sequential([keras.Input((48, 48, 1)), keras.layers.Flatten(), keras.layers.Dense(7)]).save(path)


def write_eight_classes(path: Path) -> None:
    keras.Sequential([keras.Input((96, 96, 3)), keras.layers.Flatten(), keras.layers.Dense(8)]).save(path)


@pytest.mark.parametrize("write", [write_nothing, write_half, write_small_input, write_eight_classes])
def test_weights_that_do_not_fit_are_refused_in_one_line_that_names_them(write, tmp_path: Path) -> None:
    write(tmp_path / "odd.h5")
    with pytest.raises(WeightsError, match=r"odd\.h5.*expected a Keras file of input \(96, 96, 3\)") as refused:
        load_classifier(tmp_path / "odd.h5")
    assert "\n" not in str(refused.value)
