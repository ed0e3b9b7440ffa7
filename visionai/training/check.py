"""What an epoch came to, and what weights are chosen by."""

from __future__ import annotations

from dataclasses import dataclass

import keras

from visionai.errors import DatasetError

from .dataset import Dataset, Split
from .disturb import as_input, disturbed_in_turn
from .labels import truth
from .measure import accuracy, confusion_matrix, macro_recall
from .predict import predict


@dataclass(frozen=True)
class EpochFigures:
    """An epoch: mean loss, last rate, seconds, and shares on PublicTest, as it is and disturbed (see `disturb`)."""

    epoch: int
    loss: float
    rate: float
    seconds: float
    accuracy: float
    macro_recall: float
    disturbed_accuracy: float
    disturbed_macro_recall: float

    @property
    def score(self) -> float:
        """What weights are chosen by: the mean of the four shares. Accuracy alone favours the frequent classes."""
        return (self.accuracy + self.macro_recall + self.disturbed_accuracy + self.disturbed_macro_recall) / 4


class Check:
    """The pictures of PublicTest whose expression is agreed on; raises DatasetError where there are none."""

    def __init__(self, dataset: Dataset) -> None:
        validation = dataset.part(Split.PUBLIC_TEST)
        validation = validation.take(truth(validation) >= 0)
        if not len(validation):
            raise DatasetError("the data has nothing to choose weights by; expected pictures in the PublicTest split")
        self._truth = truth(validation)
        self._plain = as_input(validation.pixels)
        self._disturbed = disturbed_in_turn(validation.pixels)

    def figures(self, classifier: keras.Model) -> dict[str, float]:
        """Return the four shares of `EpochFigures` by name."""
        plain = confusion_matrix(self._truth, predict(classifier, self._plain))
        disturbed = confusion_matrix(self._truth, predict(classifier, self._disturbed))
        return {
            "accuracy": accuracy(plain),
            "macro_recall": macro_recall(plain),
            "disturbed_accuracy": accuracy(disturbed),
            "disturbed_macro_recall": macro_recall(disturbed),
        }
