"""Fitting scores to labelled pictures: what is learned from many, and how little from few."""

from __future__ import annotations

import numpy as np
import pytest

from visionai.vision.fitting import UNCHANGED, Fit, fit

SEVEN = 7


def readings(per_class: int, shift: tuple[float, ...] = (0.0,) * SEVEN, gain: float = 1.0, seed: int = 0):
    """Draw labels and log-odds of a network that is off by `shift` and `gain`: read at its own, they are calibrated."""
    rng = np.random.default_rng(seed)
    labels = np.repeat(np.arange(SEVEN), per_class)
    # Normal with means 4 apart and variance 4: the likelihood ratio of two classes is the difference of their odds.
    true = rng.normal(0, 2, (len(labels), SEVEN)) + 4 * np.eye(SEVEN)[labels]
    return (true - np.array(shift)) / gain, labels


def test_many_pictures_give_back_what_the_scores_are_off_by() -> None:
    shift = (0.5, -0.5, 0.0, 1.0, -1.0, 0.0, 0.0)
    fitted = fit(*readings(2000, shift, gain=0.6))
    assert fitted.gain == pytest.approx(0.6, abs=0.03)
    assert fitted.shift == pytest.approx(shift, abs=0.15)


def test_scores_that_fit_are_left_alone() -> None:
    fitted = fit(*readings(2000))
    assert fitted.gain == pytest.approx(1.0, abs=0.05)
    assert fitted.shift == pytest.approx(UNCHANGED.shift, abs=0.15)


def test_fewer_pictures_stay_nearer_to_our_own_scores() -> None:
    shift = (0.0, 0.0, 0.0, 2.0, -2.0, 0.0, 0.0)
    moved = [np.abs(fit(*readings(count, shift)).shift).max() for count in (1, 5, 500)]
    assert moved[0] < moved[1] < moved[2]


def test_a_class_nobody_showed_keeps_its_place_between_the_others() -> None:
    odds, labels = readings(100, (0.0, 0.0, 0.0, 1.0, -1.0, 0.0, 0.0))
    shown = np.isin(labels, [3, 4, 5])
    fitted = fit(odds[shown], labels[shown])
    assert [fitted.shift[index] for index in (0, 1, 2, 6)] == [0.0] * 4
    assert sum(fitted.shift) == pytest.approx(0.0)
    assert fitted.shift[3] > 0.5


def test_classes_count_alike_however_many_pictures_they_have() -> None:
    odds, labels = readings(500)
    kept = np.concatenate([np.flatnonzero(labels != 4), np.flatnonzero(labels == 4)[:50]])
    assert fit(odds[kept], labels[kept]).shift == pytest.approx(UNCHANGED.shift, abs=0.25)


def test_scores_far_beyond_doubt_are_fitted_without_overflow() -> None:
    odds, labels = readings(5)
    fitted = fit(odds * 1000, labels)
    assert np.isfinite([fitted.gain, *fitted.shift]).all()
    assert np.isfinite(fitted.scores(odds * 1000)).all()


def test_scores_sum_to_one() -> None:
    odds, _ = readings(3)
    scores = Fit(0.7, (0.1, 0.2, 0.3, 0.0, -0.1, -0.2, -0.3)).scores(odds)
    assert scores.sum(axis=1) == pytest.approx(np.ones(21))
