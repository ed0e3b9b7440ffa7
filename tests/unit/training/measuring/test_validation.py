from __future__ import annotations

import numpy as np
import pytest

from visionai.errors import DatasetError
from visionai.training.data.dataset import Dataset, Split
from visionai.training.measuring.validation import DISTURBED, Validation


def answers_of(dataset: Dataset, right: dict[str, bool]) -> dict[str, np.ndarray]:
    """Answer every picture of PublicTest rightly or, all as the next class, wrongly."""
    labels = dataset.part(Split.PUBLIC_TEST).labels
    return {name: np.eye(7)[labels if is_right else (labels + 1) % 7] * 0.9 + 0.01 for name, is_right in right.items()}


def test_the_proxy_is_the_mean_of_four_disturbed_recalls_and_that_of_the_label(dataset: Dataset) -> None:
    right = {"plain": True, "nearer": True, "farther": False, "blurred": True, "wider": False}
    score = Validation(dataset).judge(answers_of(dataset, right))
    assert score.parts == {"nearer": 1.0, "farther": 0.0, "blurred": 1.0, "wider": 0.0, "label": 1.0}
    assert score.proxy == pytest.approx(0.6)


def test_accuracy_is_that_of_the_undisturbed_pictures(dataset: Dataset) -> None:
    right = {"plain": True} | dict.fromkeys(DISTURBED, False)
    score = Validation(dataset).judge(answers_of(dataset, right))
    assert (score.accuracy, score.macro_recall) == (1.0, 1.0)


def test_data_with_nothing_to_choose_by_is_refused(dataset: Dataset) -> None:
    with pytest.raises(DatasetError, match="PublicTest"):
        Validation(dataset.part(Split.TRAINING))
