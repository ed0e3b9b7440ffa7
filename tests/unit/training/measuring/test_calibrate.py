from __future__ import annotations

import numpy as np
import pytest

from visionai.training.measuring.calibrate import CAUTION, fit_temperature
from visionai.training.measuring.metrics import calibration_error_of_chances
from visionai.vision.classifier import calibrate
from visionai.vision.priors import OperatingPoint

NONE = (0.0,) * 7


def softmax(logits: np.ndarray) -> np.ndarray:
    powers = np.exp(logits - logits.max(axis=1, keepdims=True))
    return powers / powers.sum(axis=1, keepdims=True)


def answers(count: int = 20_000) -> tuple[np.ndarray, np.ndarray]:
    """Draw logits, and chances of agreement equal to the best of their probabilities."""
    logits = np.random.default_rng(0).normal(0, 2, (count, 7))
    return logits, softmax(logits).max(axis=1)


@pytest.mark.parametrize("temperature", [0.5, 1.0, 2.5])
def test_the_temperature_that_was_put_in_is_found_again(temperature: float) -> None:
    logits, agreements = answers()
    assert fit_temperature(softmax(logits * temperature), agreements, NONE) == pytest.approx(temperature, rel=0.03)


def test_the_offsets_of_an_operating_point_come_before_the_temperature() -> None:
    offsets = (0.0, 1.0, 0.5, -1.0, 0.0, 0.3, 0.0)
    logits, _ = answers()
    agreements = softmax((logits + offsets) / 1.5).max(axis=1)
    assert fit_temperature(softmax(logits), agreements, offsets) == pytest.approx(1.5, rel=0.03)


def test_calibration_makes_confidence_honest() -> None:
    logits, agreements = answers()
    said = softmax(logits * 3)
    temperature = fit_temperature(said, agreements, NONE)
    calibrated = calibrate(said.astype(np.float32), OperatingPoint.of_temperature(temperature))
    assert calibration_error_of_chances(agreements, calibrated) < 0.01
    assert calibration_error_of_chances(agreements, said) > 0.05


def test_raters_who_see_none_of_the_seven_lower_the_confidence() -> None:
    logits, agreements = answers()
    assert fit_temperature(softmax(logits), agreements * 0.8, NONE) > 1.2


def test_few_answers_are_taken_to_be_less_sure_than_many() -> None:
    logits, agreements = answers()
    few, many = (fit_temperature(softmax(logits[:count]), agreements[:count], NONE) for count in (200, 20_000))
    gap = (
        agreements[:200].mean()
        - calibrate(softmax(logits[:200]).astype(np.float32), OperatingPoint.of_temperature(few)).max(axis=1).mean()
    )
    assert few > many
    assert gap == pytest.approx(CAUTION * agreements[:200].std() / 200**0.5, abs=1e-3)
