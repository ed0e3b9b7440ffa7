"""Shift a trained network towards rare expressions, as far as that pays.

Faces of `disgust` and `fear` are so rare in the data that doubt is mostly resolved against them. Adding
-strength * log(share) to each class's logit takes part of that habit back (logit adjustment, Menon et al.,
arXiv:2007.07314): recall of the rare classes rises steeply, accuracy falls slowly.
"""

from __future__ import annotations

from dataclasses import dataclass

import keras
import numpy as np
import numpy.typing as npt

from visionai.vision.emotions import EMOTIONS

from .dataset import Dataset, Split
from .disturb import as_input, disturbed_in_turn
from .labels import truth, usable
from .measure import accuracy, confusion_matrix, macro_recall
from .predict import predict

Floats = npt.NDArray[np.floating]
Classes = npt.NDArray[np.integer]

STRENGTHS = tuple(round(0.025 * step, 3) for step in range(21))
MOST_LOST = 0.015
"""How much of the accuracy on PublicTest may be given up."""


@dataclass(frozen=True)
class Balance:
    """What is added to the logits, by class, and the strength it comes of."""

    strength: float
    shift: tuple[float, ...]


def balance(classifier: keras.Model, dataset: Dataset) -> Balance:
    """Choose the shift on PublicTest, as it is and disturbed, and add it to the bias of the last layer, in place."""
    held_out = dataset.part(Split.PUBLIC_TEST)
    held_out = held_out.take(truth(held_out) >= 0)
    answers = [predict(classifier, make(held_out.pixels)) for make in (as_input, disturbed_in_turn)]
    shares = class_shares(dataset)
    strength = choose_strength(truth(held_out), answers, shares)
    shift = -strength * np.log(shares)
    kernel, bias = classifier.get_layer("logits").get_weights()
    classifier.get_layer("logits").set_weights([kernel, (bias + shift).astype(np.float32)])
    return Balance(strength, tuple(round(float(value), 4) for value in shift))


def class_shares(dataset: Dataset) -> Floats:
    """Return each class's share of the pictures to learn from; a class without any counts as one picture."""
    wanted = truth(usable(dataset))
    counts = np.bincount(wanted[wanted >= 0], minlength=len(EMOTIONS))
    return np.asarray(np.maximum(counts, 1) / np.maximum(counts, 1).sum())


def choose_strength(wanted: Classes, answers: list[Floats], shares: Floats) -> float:
    """Return the strength with the best mean of accuracy and macro recall over all `answers` to the same pictures.

    Those that lose more than `MOST_LOST` of the accuracy of the first answers are out of the question.
    """
    plain = accuracy(confusion_matrix(wanted, answers[0]))

    def score(strength: float) -> float:
        confusions = [confusion_matrix(wanted, shifted(entry, shares, strength)) for entry in answers]
        if accuracy(confusions[0]) < plain - MOST_LOST:
            return 0.0
        return float(np.mean([(accuracy(entry) + macro_recall(entry)) / 2 for entry in confusions]))

    return max(STRENGTHS, key=score)


def shifted(probabilities: Floats, shares: Floats, strength: float) -> Floats:
    """Return the probabilities a network would give after the shift."""
    weighted = probabilities * shares**-strength
    return np.asarray(weighted / weighted.sum(axis=1, keepdims=True))
