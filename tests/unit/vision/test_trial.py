"""Cross-validation: what is called a help, and what is refused."""

from __future__ import annotations

import numpy as np
import pytest

from visionai.vision.emotions import Emotion
from visionai.vision.trial import FOLDS, Verdict, calibration_error, cross_validate, deal

from .test_fitting import readings

OFF = (0.0, 0.0, 0.0, 2.5, -2.5, 0.0, 0.0)


def test_scores_that_are_off_are_helped() -> None:
    trial = cross_validate(*readings(20, OFF))
    assert trial.verdict is Verdict.HELPS
    assert trial.after.macro_recall == pytest.approx(trial.before.macro_recall + trial.macro_recall.value)
    assert trial.before.log_loss == pytest.approx(trial.after.log_loss + trial.log_loss.value)
    assert trial.after.calibration_error < trial.before.calibration_error


def test_scores_that_fit_are_not_helped() -> None:
    verdicts = [cross_validate(*readings(20, seed=seed)).verdict for seed in range(10)]
    assert verdicts.count(Verdict.NO_CLEAR_GAIN) >= 8


def test_labels_at_random_are_told_from_a_set_of_its_own_kind() -> None:
    odds, labels = readings(20)
    verdicts = [cross_validate(odds, np.random.default_rng(seed).permutation(labels)).verdict for seed in range(10)]
    assert set(verdicts) == {Verdict.NO_BETTER_THAN_CHANCE}


def test_two_exchanged_labels_are_named() -> None:
    odds, labels = readings(20)
    exchanged = np.array([0, 1, 2, 5, 4, 3, 6])[labels]
    trial = cross_validate(odds, exchanged)
    assert (trial.verdict, trial.exchanged) == (Verdict.EXCHANGED, (Emotion.HAPPY, Emotion.SAD))


def test_the_same_pictures_give_the_same_figures() -> None:
    assert cross_validate(*readings(10, OFF)) == cross_validate(*readings(10, OFF))


def test_every_fold_has_its_part_of_every_class() -> None:
    labels = np.repeat(np.arange(3), [5, 12, 20])
    folds = deal(labels, np.random.default_rng(0))
    for label in range(3):
        counts = np.bincount(folds[labels == label], minlength=FOLDS)
        assert counts.max() - counts.min() <= 1


def test_a_picture_is_never_read_by_a_fit_that_saw_it() -> None:
    # Where nothing is to be learned a fit costs likelihood on what it did not see; on what it saw it never does.
    gains = [cross_validate(*readings(5, seed=seed)).log_loss.value for seed in range(20)]
    assert np.mean(gains) < 0


def test_confidence_that_is_half_wrong_is_half_an_error() -> None:
    scores = np.tile(np.eye(7)[0], (4, 1))
    assert calibration_error(scores, np.array([0, 0, 1, 1])) == pytest.approx(0.5)
