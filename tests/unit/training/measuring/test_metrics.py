from __future__ import annotations

import numpy as np
import pytest

from visionai.training.data.dataset import VOTE_NAMES
from visionai.training.measuring import metrics
from visionai.vision.emotions import Emotion


def sure_of(classes: list[int], confidence: float) -> np.ndarray:
    scores = np.full((len(classes), 7), (1 - confidence) / 6)
    scores[np.arange(len(classes)), classes] = confidence
    return scores


def votes(**counts: int) -> np.ndarray:
    return np.array([[counts.get(name, 0) for name in VOTE_NAMES]], np.int16)


def test_the_confusion_matrix_has_the_truth_in_rows() -> None:
    confusion = metrics.confusion_matrix(np.array([0, 0, 3]), sure_of([0, 5, 3], 0.9))
    assert confusion[0, 0] == confusion[0, 5] == confusion[3, 3] == 1
    assert confusion.sum() == 3


def test_macro_recall_counts_classes_alike_and_leaves_out_those_without_pictures() -> None:
    confusion = metrics.confusion_matrix(np.array([0, 0, 0, 1]), sure_of([0, 0, 0, 0], 0.9))
    assert metrics.accuracy(confusion) == 0.75
    assert metrics.macro_recall(confusion) == 0.5


def test_precision_of_a_class_never_said_is_not_defined() -> None:
    confusion = metrics.confusion_matrix(np.array([0, 1]), sure_of([0, 0], 0.9))
    assert metrics.precisions(confusion)[0] == 0.5
    assert np.isnan(metrics.precisions(confusion)[1])


@pytest.mark.parametrize(
    ("right", "of", "confidence", "error"),
    [(8, 10, 0.8, 0.0), (5, 10, 0.8, 0.3), (10, 10, 0.7, 0.3), (10, 10, 1.0, 0.0), (0, 10, 0.9, 0.9)],
)
def test_the_calibration_error_is_the_gap_between_confidence_and_accuracy(
    right: int, of: int, confidence: float, error: float
) -> None:
    truth = np.array([0] * right + [1] * (of - right))
    assert metrics.calibration_error(truth, sure_of([0] * of, confidence)) == pytest.approx(error)


def test_bins_are_weighted_by_their_answers() -> None:
    truth = np.array([0] * 30 + [1] * 10)
    scores = np.concatenate([sure_of([0] * 30, 1.0), sure_of([0] * 10, 0.5)])
    assert metrics.calibration_error(truth, scores) == pytest.approx(10 / 40 * 0.5)


def test_a_confidence_on_an_edge_belongs_to_the_bin_below() -> None:
    bins = metrics.calibration_bins(np.array([0]), sure_of([0], 1.0))
    assert bins[-1].count == 1
    assert len(bins) == 15


@pytest.mark.parametrize(
    ("counts", "label", "said", "chance"),
    [
        ({"happy": 6, "neutral": 4}, "happy", "happy", 0.6),
        ({"happy": 6, "neutral": 4}, "happy", "neutral", 0.4),
        ({"happy": 6, "neutral": 4}, "fear", "fear", 0.0),
        ({"angry": 10}, "sad", "angry", 1.0),
        ({"happy": 5, "contempt": 3, "unknown": 2}, "sad", "happy", 0.5),
        ({"happy": 6, "NF": 4}, "sad", "happy", 1.0),
    ],
)
def test_the_chance_of_agreeing_is_the_share_of_the_voters_who_see_a_face(
    counts: dict[str, int], label: str, said: str, chance: float
) -> None:
    labels, answers = (np.array([Emotion(name).class_index]) for name in (label, said))
    assert metrics.rater_agreement(votes(**counts), labels, answers) == pytest.approx([chance])


def test_a_picture_without_votes_that_count_has_its_label_alone() -> None:
    assert metrics.rater_agreement(np.concatenate([votes(NF=10)] * 2), np.array([3, 3]), np.array([3, 0])).tolist() == [
        1.0,
        0.0,
    ]


@pytest.mark.parametrize(("counts", "face"), [({"sad": 6, "NF": 4}, True), ({"sad": 5, "NF": 5}, False)])
def test_a_picture_that_half_the_voters_call_no_face_is_none(counts: dict[str, int], face: bool) -> None:
    assert metrics.is_face(votes(**counts)).tolist() == [face]


@pytest.mark.parametrize(("chances", "error"), [([0.7, 0.9], 0.0), ([0.5, 0.7], 0.2), ([1.0, 1.0], 0.2)])
def test_the_calibration_error_of_chances_is_the_gap_between_confidence_and_their_mean(
    chances: list[float], error: float
) -> None:
    answers = sure_of([0, 1], 0.8)
    assert metrics.calibration_error_of_chances(np.array(chances), answers) == pytest.approx(error)


def test_where_nobody_voted_the_label_agrees_or_not() -> None:
    assert metrics.rater_agreement(None, np.array([3, 3]), np.array([3, 0])).tolist() == [1.0, 0.0]
