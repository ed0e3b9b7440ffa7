from __future__ import annotations

import numpy as np
import pytest

from visionai.training.calibrate import fit_calibration, fit_temperature, fit_threshold
from visionai.training.measure import calibration_error
from visionai.vision.classifier import calibrate
from visionai.vision.priors import OperatingPoint


def softmax(logits: np.ndarray) -> np.ndarray:
    powers = np.exp(logits - logits.max(axis=1, keepdims=True))
    return powers / powers.sum(axis=1, keepdims=True)


def answers(count: int = 20_000) -> tuple[np.ndarray, np.ndarray]:
    """Draw logits, and truths as likely as these say."""
    rng = np.random.default_rng(0)
    logits = rng.normal(0, 2, (count, 7))
    chances = softmax(logits).cumsum(axis=1)
    return np.minimum((rng.random((count, 1)) > chances).sum(axis=1), 6), logits


@pytest.mark.parametrize("temperature", [0.5, 1.0, 2.5])
def test_the_temperature_that_was_put_in_is_found_again(temperature: float) -> None:
    truth, logits = answers()
    assert fit_temperature(truth, softmax(logits * temperature)) == pytest.approx(temperature, rel=0.03)


def test_calibration_makes_confidence_honest() -> None:
    truth, logits = answers()
    said = softmax(logits * 3)
    calibrated = calibrate(said.astype(np.float32), OperatingPoint.of_temperature(fit_temperature(truth, said)))
    assert calibration_error(truth, calibrated) < 0.01 < calibration_error(truth, said)


def test_below_the_threshold_answers_are_wrong_as_often_as_right() -> None:
    truth, logits = answers()
    scores = softmax(logits)
    below = scores.max(axis=1) <= fit_threshold(truth, scores)
    assert (scores.argmax(axis=1) == truth)[below].mean() == pytest.approx(0.5, abs=0.01)


def test_where_all_answers_are_right_none_is_uncertain() -> None:
    scores = np.eye(7) * 0.8 + 0.2 / 7
    assert fit_threshold(np.arange(7), scores) == pytest.approx(1 / 7)


def test_both_are_fitted_together() -> None:
    truth, logits = answers()
    calibration = fit_calibration(truth, softmax(logits * 2))
    assert calibration.temperature == pytest.approx(2, rel=0.03)
    assert 1 / 7 < calibration.uncertain_threshold < 1
