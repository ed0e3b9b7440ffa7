from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from visionai.training.balance import MOST_LOST, balance, choose_strength, class_shares, shifted
from visionai.training.export import export
from visionai.training.measure import accuracy, confusion_matrix, macro_recall
from visionai.training.predict import predict
from visionai.training.weights import load_classifier

from .conftest import make_dataset

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


def test_the_shift_in_the_last_layer_is_the_shift_of_the_answers(weights: Path) -> None:
    dataset = make_dataset()
    pictures = np.random.default_rng(0).integers(0, 255, (3, 96, 96, 3)).astype(np.uint8)
    classifier = load_classifier(weights)
    before = predict(classifier, pictures)
    chosen = balance(classifier, dataset)
    expected = shifted(before, class_shares(dataset), chosen.strength)
    assert predict(classifier, pictures) == pytest.approx(expected, abs=1e-4)


def test_an_export_says_by_how_much_it_was_balanced(weights: Path, tmp_path: Path) -> None:
    manifest = export(weights, tmp_path, "stripes", dataset=make_dataset(), balanced=True).manifest
    assert len(manifest.settings["balance"]["shift"]) == 7
