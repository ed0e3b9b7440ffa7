"""Calibrations of a version: what moves, what stays, and what is not fitted to."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from visionai.errors import TooFewPictures
from visionai.vision.calibration import Calibration, propose
from visionai.vision.classifier import calibrate
from visionai.vision.emotions import Emotion
from visionai.vision.fitting import fit
from visionai.vision.priors import OperatingPoint, Prior
from visionai.vision.weights import WeightsFile, WeightsManifest

from .test_fitting import readings

EVEN = OperatingPoint((0.1, 0.2, 0.3, -0.1, -0.2, -0.3, 0.0), 0.8)
TYPICAL = OperatingPoint((0.0, 0.0, 0.0, 0.5, 0.9, 0.0, 0.0), 0.9)
OFF = (0.0, 0.0, 0.0, 2.5, -2.5, 0.0, 0.0)


@pytest.fixture
def manifest() -> WeightsManifest:
    tflite = WeightsFile(Path("weights.tflite"), "ab" * 32)
    return WeightsManifest("v1.2.0", None, tflite, priors={Prior.EVEN: EVEN, Prior.TYPICAL: TYPICAL})


def probabilities(per_class: int):
    """Draw what a classifier says of pictures whose scores at `EVEN` are off by `OFF`."""
    odds, labels = readings(per_class, OFF)
    logits = odds * EVEN.temperature - np.array(EVEN.offsets)
    powers = np.exp(logits - logits.max(axis=1, keepdims=True))
    return (powers / powers.sum(axis=1, keepdims=True)).astype(np.float32), labels


def test_points_move_together_and_keep_their_distance(manifest: WeightsManifest) -> None:
    applied = Calibration("v1.2.0", "office", (1.0, 0, 0, 0, -1.0, 0, 0), 1.5).applied_to(manifest)
    even, typical = applied.priors[Prior.EVEN], applied.priors[Prior.TYPICAL]
    assert even.offsets == pytest.approx((1.1, 0.2, 0.3, -0.1, -1.2, -0.3, 0.0))
    assert np.subtract(typical.offsets, even.offsets) == pytest.approx(np.subtract(TYPICAL.offsets, EVEN.offsets))
    assert (even.temperature, typical.temperature) == pytest.approx((1.2, 1.35))


def test_answers_carry_the_version_and_the_name(manifest: WeightsManifest) -> None:
    applied = Calibration("v1.2.0", "office", (0.0,) * 7, 1.0).applied_to(manifest)
    assert applied.model_version_tag == "v1.2.0+office"


def test_an_applied_calibration_scores_as_the_fit_does(manifest: WeightsManifest) -> None:
    said, labels = probabilities(20)
    odds = np.log(calibrate(said, EVEN))
    applied = propose(manifest, said, labels).named("office").applied_to(manifest)
    assert calibrate(said, applied.priors[Prior.EVEN]) == pytest.approx(fit(odds, labels).scores(odds), abs=1e-4)


def test_a_picture_that_comes_again_counts_once(manifest: WeightsManifest) -> None:
    said, labels = probabilities(6)
    proposal = propose(manifest, np.concatenate([said, said[:6]]), np.concatenate([labels, labels[:6]]))
    assert proposal.pictures == dict.fromkeys(Emotion, 6)
    assert proposal.left_out == {"duplicate": 6, "ambiguous": 0, "too_few": 0}


def test_a_picture_under_two_emotions_is_left_out(manifest: WeightsManifest) -> None:
    said, labels = probabilities(6)
    proposal = propose(manifest, np.concatenate([said, said[:1]]), np.concatenate([labels, [3]]))
    assert proposal.pictures[Emotion.ANGRY] == 5
    assert proposal.left_out["ambiguous"] == 2


def test_an_emotion_with_too_few_pictures_is_left_out(manifest: WeightsManifest) -> None:
    said, labels = probabilities(6)
    kept = np.arange(len(labels)) > 1
    proposal = propose(manifest, said[kept], labels[kept])
    assert Emotion.ANGRY not in proposal.pictures
    assert proposal.left_out["too_few"] == 4
    assert proposal.offsets[0] == 0.0


@pytest.mark.parametrize("rows", [[], [0, 1, 2], list(range(6)), [0, 1, 2, 3, 4, 6, 7]])
def test_one_emotion_or_too_few_pictures_are_refused(manifest: WeightsManifest, rows: list[int]) -> None:
    said, labels = probabilities(6)
    with pytest.raises(TooFewPictures):
        propose(manifest, said[rows], labels[rows])
