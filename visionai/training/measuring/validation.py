"""Validation after an epoch on PublicTest, and the proxy score for model selection.

What counts is how a network reads images of other origin, and there are none to choose by. Over eleven networks the
mean of five shares on PublicTest followed the macro recall on five foreign sets with a correlation of 0.94: macro
recall of the images nearer, farther, blurred and wider, and macro recall against FER2013's own label, which calls a
weak expression by its name where FER+ says neutral. Differences below a point are chance.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import keras
import numpy as np

from visionai.errors import DatasetError

from ..data.dataset import Dataset, Split
from ..data.labels import truth
from ..network.predict import predict
from .corruptions import as_input, disturbed
from .metrics import accuracy, confusion_matrix, macro_recall
from .priors import Floats, choose_strength, class_shares, shifted

DISTURBED = ("nearer", "farther", "blurred", "wider")
"""The disturbances of the proxy; darker or tinted images tell nothing, the network takes light out itself."""

MOST_LOST = 0.005
"""How much of the ancestor's accuracy on PublicTest, at the learned shares, whatever comes of it may give up."""


@dataclass(frozen=True)
class Score:
    """How good answers are on PublicTest.

    `accuracy` and `macro_recall`: of the images as they are, against the majority, at the learned shares.
    `strength`: that of the even shares (see `priors.choose_strength`). `parts`: the five macro recalls at it, by name;
    `proxy`: their mean.
    """

    accuracy: float
    macro_recall: float
    strength: float
    proxy: float
    parts: Mapping[str, float]


@dataclass(frozen=True)
class EpochFigures:
    """An epoch that was validated: mean loss, last rate, seconds, and those of `Score` but for its parts."""

    epoch: int
    loss: float
    rate: float
    seconds: float
    accuracy: float
    macro_recall: float
    strength: float
    proxy: float


class Validation:
    """The images of PublicTest whose expression is agreed on; raises DatasetError where there are none."""

    def __init__(self, dataset: Dataset) -> None:
        held_out = dataset.part(Split.PUBLIC_TEST)
        held_out = held_out.take(truth(held_out) >= 0)
        if not len(held_out):
            raise DatasetError("the data has nothing to choose weights by; expected pictures in the PublicTest split")
        self._truth = truth(held_out)
        self._labels = held_out.labels
        self._shares = class_shares(dataset)
        self._pictures = {"plain": as_input(held_out.pixels)}
        self._pictures |= {name: disturbed(held_out.pixels, name) for name in DISTURBED}

    def score(self, classifier: keras.Model) -> Score:
        """Let a classifier answer and return how good it is."""
        return self.judge({name: predict(classifier, pictures) for name, pictures in self._pictures.items()})

    def judge(self, answers: Mapping[str, Floats]) -> Score:
        """Return how good answers are: probabilities (n, 7) by "plain" and the names of `DISTURBED`."""
        plain = confusion_matrix(self._truth, answers["plain"])
        strength = choose_strength(self._truth, list(answers.values()), self._shares)
        parts = {name: self._recall(self._truth, answers[name], strength) for name in DISTURBED}
        parts["label"] = self._recall(self._labels, answers["plain"], strength)
        return Score(accuracy(plain), macro_recall(plain), strength, float(np.mean(list(parts.values()))), parts)

    def _recall(self, wanted: np.ndarray, answers: Floats, strength: float) -> float:
        return macro_recall(confusion_matrix(wanted, shifted(answers, self._shares, strength)))
