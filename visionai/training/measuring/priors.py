"""Operating points: the class shares that answers are given for, in place of those the network has learned.

Faces of `disgust` and `fear` are so rare in the data that doubt is mostly resolved against them. Where an image was
taken because something shows, that is wrong. Adding log(assumed share) - log(learned share) to each class's logit says
what the same network would answer if classes came in the shares assumed (logit adjustment, Menon et al.,
arXiv:2007.07314; Saerens et al. 2002): recall of the rare classes rises steeply, accuracy at home falls slowly.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from visionai.vision.emotions import EMOTIONS

from ..data.dataset import Dataset
from ..data.labels import truth, usable
from .metrics import accuracy, confusion_matrix, macro_recall

Floats = npt.NDArray[np.floating]
Classes = npt.NDArray[np.integer]

STRENGTHS = tuple(round(0.01 * step, 2) for step in range(61))
"""How far "even" may lie from the learned shares: 0 not at all, 1 all classes alike."""

MOST_LOST = 0.04
"""How much of the accuracy on PublicTest, plain, the even shares may cost."""


def class_shares(dataset: Dataset) -> Floats:
    """Return each class's share of the images to learn from, (7,); a class without any counts as one image."""
    wanted = truth(usable(dataset))
    counts = np.bincount(wanted[wanted >= 0], minlength=len(EMOTIONS))
    return np.asarray(np.maximum(counts, 1) / np.maximum(counts, 1).sum())


def evened(shares: Floats, strength: float) -> Floats:
    """Return shares nearer to even: the learned ones to the power of 1 - `strength`, summing to 1."""
    powers = shares ** (1 - strength)
    return np.asarray(powers / powers.sum())


def choose_strength(wanted: Classes, answers: Sequence[Floats], shares: Floats) -> float:
    """Return the strength with the best mean macro recall over all `answers` to the same images.

    `answers` are probabilities (n, 7), those to the undisturbed images first; a strength that costs more than
    `MOST_LOST` of the accuracy on these is out of the question. Of equally good ones the smallest is chosen.
    """
    least = accuracy(confusion_matrix(wanted, answers[0])) - MOST_LOST

    def score(strength: float) -> float:
        confusions = [confusion_matrix(wanted, shifted(entry, shares, strength)) for entry in answers]
        return (
            float(np.mean([macro_recall(entry) for entry in confusions])) if accuracy(confusions[0]) >= least else 0.0
        )

    return max(STRENGTHS, key=score)


def shifted(probabilities: Floats, shares: Floats, strength: float) -> Floats:
    """Return the probabilities (n, 7) a network would give for shares evened by `strength`."""
    weighted = probabilities * shares**-strength
    return np.asarray(weighted / weighted.sum(axis=1, keepdims=True))
