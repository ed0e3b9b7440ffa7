from __future__ import annotations

import numpy as np
import pytest

from visionai.training import measure


def sure_of(classes: list[int], confidence: float) -> np.ndarray:
    scores = np.full((len(classes), 7), (1 - confidence) / 6)
    scores[np.arange(len(classes)), classes] = confidence
    return scores


def test_the_confusion_matrix_has_the_truth_in_rows() -> None:
    confusion = measure.confusion_matrix(np.array([0, 0, 3]), sure_of([0, 5, 3], 0.9))
    assert confusion[0, 0] == confusion[0, 5] == confusion[3, 3] == 1
    assert confusion.sum() == 3


def test_macro_recall_counts_classes_alike_and_leaves_out_those_without_pictures() -> None:
    confusion = measure.confusion_matrix(np.array([0, 0, 0, 1]), sure_of([0, 0, 0, 0], 0.9))
    assert measure.accuracy(confusion) == 0.75
    assert measure.macro_recall(confusion) == 0.5


def test_precision_of_a_class_never_said_is_not_defined() -> None:
    confusion = measure.confusion_matrix(np.array([0, 1]), sure_of([0, 0], 0.9))
    assert measure.precisions(confusion)[0] == 0.5
    assert np.isnan(measure.precisions(confusion)[1])


@pytest.mark.parametrize(
    ("right", "of", "confidence", "error"),
    [(8, 10, 0.8, 0.0), (5, 10, 0.8, 0.3), (10, 10, 0.7, 0.3), (10, 10, 1.0, 0.0), (0, 10, 0.9, 0.9)],
)
def test_the_calibration_error_is_the_gap_between_confidence_and_accuracy(
    right: int, of: int, confidence: float, error: float
) -> None:
    truth = np.array([0] * right + [1] * (of - right))
    assert measure.calibration_error(truth, sure_of([0] * of, confidence)) == pytest.approx(error)


def test_bins_are_weighted_by_their_answers() -> None:
    truth = np.array([0] * 30 + [1] * 10)
    scores = np.concatenate([sure_of([0] * 30, 1.0), sure_of([0] * 10, 0.5)])
    assert measure.calibration_error(truth, scores) == pytest.approx(10 / 40 * 0.5)


def test_a_confidence_on_an_edge_belongs_to_the_bin_below() -> None:
    bins = measure.calibration_bins(np.array([0]), sure_of([0], 1.0))
    assert bins[-1].count == 1
    assert len(bins) == 15
