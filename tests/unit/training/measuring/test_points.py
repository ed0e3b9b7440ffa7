from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from visionai.training.data.dataset import Split
from visionai.training.measuring.points import fit_points
from visionai.training.measuring.priors import class_shares, shifted
from visionai.training.network.weights import load_classifier
from visionai.vision.classifier import calibrate
from visionai.vision.priors import OperatingPoint, Prior

from ..conftest import make_dataset


def test_typical_leaves_the_shares_that_were_learned(weights: Path) -> None:
    points = fit_points(load_classifier(weights), make_dataset())
    assert points is not None
    assert points.priors[Prior.TYPICAL].shares == points.learned_shares
    assert points.priors[Prior.TYPICAL].offsets == pytest.approx((0.0,) * 7)


def test_a_point_shifts_answers_as_its_strength_says() -> None:
    learned = np.array([0.1, 0.05, 0.05, 0.3, 0.3, 0.1, 0.1])
    answers = np.random.default_rng(0).dirichlet(np.ones(7), 5).astype(np.float32)
    shares = learned**0.7 / (learned**0.7).sum()
    point = OperatingPoint.of_shares(shares, learned, 1.0)
    assert calibrate(answers, point) == pytest.approx(shifted(answers, learned, 0.3), abs=1e-5)


def test_without_public_pictures_nothing_is_fitted(weights: Path) -> None:
    assert fit_points(load_classifier(weights), make_dataset().part(Split.TRAINING)) is None


def test_learned_shares_are_those_of_the_training_pictures(weights: Path) -> None:
    points = fit_points(load_classifier(weights), make_dataset())
    assert points is not None
    assert points.learned_shares == pytest.approx(class_shares(make_dataset()), abs=1e-4)
