from __future__ import annotations

import numpy as np
import pytest

from visionai.training.measuring.metrics import accuracy, confusion_matrix, macro_recall
from visionai.training.measuring.priors import MOST_LOST, choose_strength, class_shares, evened, shifted

from ..conftest import make_dataset

SHARES = np.array([0.02, 0.02, 0.02, 0.3, 0.3, 0.3, 0.04])


def habitual_answers() -> tuple[np.ndarray, np.ndarray]:
    """Draw classes, and answers that are pulled towards the frequent ones."""
    rng = np.random.default_rng(0)
    wanted = rng.choice(7, 4000, p=SHARES)
    logits = rng.normal(0, 1, (4000, 7)) + 2.5 * np.eye(7)[wanted] + 0.6 * np.log(SHARES)
    return wanted, np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True)


def test_a_habit_is_taken_back_within_what_accuracy_may_cost() -> None:
    wanted, answers = habitual_answers()
    strength = choose_strength(wanted, [answers], SHARES)
    before, after = (confusion_matrix(wanted, entry) for entry in (answers, shifted(answers, SHARES, strength)))
    assert strength > 0
    assert macro_recall(after) > macro_recall(before)
    assert accuracy(after) >= accuracy(before) - MOST_LOST


def test_where_classes_are_even_nothing_is_shifted() -> None:
    wanted, answers = habitual_answers()
    assert choose_strength(wanted, [answers], np.full(7, 1 / 7)) == 0


def test_no_strength_changes_nothing() -> None:
    _, answers = habitual_answers()
    assert shifted(answers, SHARES, 0.0) == pytest.approx(answers)


@pytest.mark.parametrize(("strength", "shares"), [(0.0, SHARES), (1.0, np.full(7, 1 / 7))])
def test_evened_shares_reach_from_the_learned_to_the_even_ones(strength: float, shares: np.ndarray) -> None:
    assert evened(SHARES, strength) == pytest.approx(shares)


def test_shares_are_counted_by_the_majority_of_what_is_learned_from() -> None:
    assert class_shares(make_dataset()) == pytest.approx(np.full(7, 1 / 7))
