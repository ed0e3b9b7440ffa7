"""Crops in, probabilities out, the same whatever runs the network."""

import subprocess
import sys

import numpy as np
import pytest

from visionai import ROOT
from visionai.errors import WeightsError
from visionai.vision.classifier import calibrate, open_classifier
from visionai.vision.crops import CropSettings, cut, square_of
from visionai.vision.priors import OperatingPoint
from visionai.vision.weights import WeightsManifest

OURS = ROOT / "ml_models" / "modelo_emociones.json"

# TensorFlow runs in a process of its own here too: it warns as it is imported, and warnings are errors.
BY_TENSORFLOW = """
import sys
from pathlib import Path
import numpy as np
from visionai.vision.classifier import open_classifier
from visionai.vision.weights import WeightsManifest

classifier = open_classifier(WeightsManifest.read(Path(sys.argv[1])), "tensorflow")
np.save(sys.argv[3], classifier.classify(np.load(sys.argv[2])))
"""


@pytest.fixture
def crops(astronaut, detector):
    """Four crops of faces and two of nothing."""
    settings = CropSettings(scale=1.2)
    faces = [square_of(detector.detect(astronaut.rotate(angle))[0], settings) for angle in (0, 8, -8, 4)]
    random = np.random.default_rng(5).random((2, 96, 96, 3), np.float32)
    return np.concatenate([[cut(astronaut, frame) for frame in faces], random])


@pytest.fixture
def by_tensorflow(tmp_path):
    """Classify crops by TensorFlow."""

    def classify(manifest, crops):
        np.save(tmp_path / "crops.npy", crops)
        command = [sys.executable, "-c", BY_TENSORFLOW, manifest, tmp_path / "crops.npy", tmp_path / "out.npy"]
        subprocess.run(command, check=True, capture_output=True, cwd=OURS.parents[1])
        return np.load(tmp_path / "out.npy")

    return classify


def by_openvino(manifest, crops, precision):
    return open_classifier(WeightsManifest.read(manifest), "openvino", precision).classify(crops)


def test_each_crop_gets_seven_probabilities(weights, crops):
    probabilities = by_openvino(weights, crops, "f32")
    assert (probabilities.shape, probabilities.dtype) == ((6, 7), np.float32)
    assert probabilities.sum(axis=1) == pytest.approx(1, abs=1e-5)
    assert probabilities.std(axis=0).max() > 0.01


def test_crops_do_not_influence_one_another(weights, crops):
    assert np.array_equal(by_openvino(weights, crops, "f32")[3:4], by_openvino(weights, crops[3:4], "f32"))


def test_answers_stay_when_the_next_crops_are_classified(weights, crops):
    classifier = open_classifier(WeightsManifest.read(weights))
    first = classifier.classify(crops)
    kept = first.copy()
    classifier.classify(1 - crops)
    assert np.array_equal(first, kept)


@pytest.mark.parametrize("path", ["small", "ours"])
def test_runtimes_agree(path, weights, crops, by_tensorflow):
    manifest = weights if path == "small" else OURS
    tensorflow = by_tensorflow(manifest, crops)
    assert np.abs(by_openvino(manifest, crops, "f32") - tensorflow).max() < 1e-3
    assert np.abs(by_openvino(manifest, crops, "default") - tensorflow).max() < 0.02


def test_a_network_of_another_shape_is_refused(keras_file, tmp_path):
    with pytest.raises(WeightsError):
        open_classifier(WeightsManifest.read(keras_file(classes=5)), cache_dir=tmp_path)


def test_a_damaged_tflite_is_refused(tmp_path):
    path = tmp_path / "damaged.tflite"
    path.write_bytes(b"\0\0\0\0TFL3" + b"\xff" * 100)
    with pytest.raises(WeightsError, match=r"damaged\.tflite: expected"):
        open_classifier(WeightsManifest.read(path))


# Calibration --------------------------------------------------------------------------------------------------------


@pytest.fixture
def probabilities():
    return np.array([[0.7, 0.1, 0.05, 0.05, 0.05, 0.03, 0.02], [1, 0, 0, 0, 0, 0, 0]], np.float32)


def at_temperature(temperature):
    return OperatingPoint.of_temperature(temperature)


def test_a_temperature_of_1_changes_nothing(probabilities):
    assert calibrate(probabilities, at_temperature(1)) == pytest.approx(probabilities, abs=1e-6)


@pytest.mark.parametrize("temperature", [0.5, 1, 2, 5])
def test_calibrated_scores_are_probabilities_in_the_same_order(probabilities, temperature):
    scores = calibrate(probabilities, at_temperature(temperature))
    assert scores.sum(axis=1) == pytest.approx(1)
    assert np.argsort(scores[0]).tolist() == np.argsort(probabilities[0]).tolist()


def test_a_higher_temperature_is_less_sure(probabilities):
    scores = [calibrate(probabilities, at_temperature(temperature))[0, 0] for temperature in (0.5, 1, 2, 4)]
    assert scores == sorted(scores, reverse=True)


def test_a_temperature_of_2_takes_the_square_root(probabilities):
    roots = np.sqrt(probabilities[0].astype(float))
    assert calibrate(probabilities, at_temperature(2))[0] == pytest.approx(roots / roots.sum())


# Half of the pictures learned from were neutral, a twelfth each was every other expression.
LEARNED = (1 / 12, 1 / 12, 1 / 12, 1 / 12, 1 / 2, 1 / 12, 1 / 12)


def test_even_shares_take_the_learned_ones_out_again():
    probabilities = np.array([[0, 0, 0, 0.25, 0.75, 0, 0]], np.float32)
    point = OperatingPoint.of_shares((1 / 7,) * 7, LEARNED, 1)
    # 0.25 / (1/12) = 3 against 0.75 / (1/2) = 1.5: two thirds and one third.
    assert calibrate(probabilities, point)[0, 3:5] == pytest.approx([2 / 3, 1 / 3], abs=1e-5)


def test_the_temperature_holds_for_the_shifted_scores():
    probabilities = np.array([[0, 0, 0, 0.25, 0.75, 0, 0]], np.float32)
    point = OperatingPoint.of_shares((1 / 7,) * 7, LEARNED, 0.5)
    # 3 against 1.5, both squared: 9 to 2.25.
    assert calibrate(probabilities, point)[0, 3:5] == pytest.approx([0.8, 0.2], abs=1e-5)


def test_the_learned_shares_themselves_shift_nothing(probabilities):
    point = OperatingPoint.of_shares(LEARNED, LEARNED, 0.7)
    assert np.array_equal(calibrate(probabilities, point), calibrate(probabilities, at_temperature(0.7)))


def test_a_common_factor_of_the_shares_changes_no_score(probabilities):
    rounded = OperatingPoint.of_shares((0.143,) * 7, LEARNED, 0.8)
    exact = OperatingPoint.of_shares((1 / 7,) * 7, LEARNED, 0.8)
    assert calibrate(probabilities, rounded) == pytest.approx(calibrate(probabilities, exact))


def test_the_probabilities_of_the_network_stay_as_they_were(probabilities):
    kept = probabilities.copy()
    calibrate(probabilities, OperatingPoint.of_shares((1 / 7,) * 7, LEARNED, 0.8))
    assert np.array_equal(probabilities, kept)
