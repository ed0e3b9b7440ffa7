from __future__ import annotations

import numpy as np
import pytest

from visionai.training.data.dataset import VOTE_NAMES, Dataset, assemble
from visionai.training.data.labels import draw_epoch, draw_weights, majority, targets, truth, usable


def votes_of(**counts: int) -> np.ndarray:
    return np.array([[counts.get(name, 0) for name in VOTE_NAMES]], np.int16)


def one_picture(label: int, votes: np.ndarray | None, split: int = 0, crosses: bool = False) -> Dataset:
    pixels = np.zeros((1, 48, 48), np.uint8)
    return assemble(pixels, np.array([label]), np.array([split]), votes, np.array([crosses]))


@pytest.mark.parametrize(
    ("votes", "expected"),
    [
        (votes_of(angry=10), 0),
        (votes_of(happy=6, neutral=4), 3),
        (votes_of(happy=5, neutral=5), -1),
        (votes_of(sad=4, neutral=3, fear=1, angry=1, disgust=1), 5),
        (votes_of(contempt=8, neutral=2), -1),
        (votes_of(NF=10), -1),
        (votes_of(angry=1, disgust=1, fear=1, happy=1), -1),
    ],
)
def test_the_majority_needs_more_than_half_once_single_votes_are_dropped(votes: np.ndarray, expected: int) -> None:
    assert majority(votes).tolist() == [expected]


def test_without_votes_the_label_is_the_truth() -> None:
    assert truth(one_picture(6, None)).tolist() == [6]


def test_targets_mix_vote_shares_with_the_label() -> None:
    mixed = targets(one_picture(2, votes_of(surprise=8, fear=2)), vote_share=0.5, smoothing=0.0)
    assert mixed[0].tolist() == pytest.approx([0, 0, 0.5 * 0.2 + 0.5, 0, 0, 0, 0.5 * 0.8])


def test_a_picture_without_votes_for_an_expression_keeps_its_label() -> None:
    assert targets(one_picture(1, votes_of(contempt=7, unknown=3)), 0.7, 0.0)[0].tolist() == [0, 1, 0, 0, 0, 0, 0]


def test_smoothing_keeps_the_sum() -> None:
    smooth = targets(one_picture(0, None), vote_share=0.7, smoothing=0.07)
    assert smooth.sum() == pytest.approx(1)
    assert smooth[0, 1] == pytest.approx(0.01)


@pytest.mark.parametrize(
    ("picture", "kept"),
    [
        (one_picture(0, votes_of(angry=10)), 1),
        (one_picture(0, votes_of(angry=10), crosses=True), 0),
        (one_picture(0, votes_of(angry=10), split=1), 0),
        (one_picture(0, votes_of(angry=5, unknown=3, NF=2)), 0),
        (one_picture(0, votes_of(angry=6, unknown=4)), 1),
    ],
)
def test_copies_of_test_pictures_and_what_nobody_can_name_are_left_out(picture: Dataset, kept: int) -> None:
    assert len(usable(picture)) == kept


def test_rare_classes_are_drawn_more_often_but_not_alike() -> None:
    wanted = np.eye(7, dtype=np.float32)[[0] * 16 + [1]]
    weights = draw_weights(wanted)
    assert weights.mean() == pytest.approx(1)
    assert weights[-1] / weights[0] == pytest.approx(4)


def test_an_epoch_draws_each_picture_as_often_as_its_weight_says() -> None:
    drawn = draw_epoch(np.array([2.0, 1.0, 0.5]), np.random.default_rng(0))
    assert (drawn == 0).sum() == 2
    assert (drawn == 1).sum() == 1
    assert (drawn == 2).sum() <= 1
