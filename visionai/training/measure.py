"""Figures of a classifier's answers: accuracy, recall, precision, confusion, calibration."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from visionai.vision.emotions import EMOTIONS

Floats = npt.NDArray[np.floating]
Classes = npt.NDArray[np.integer]

BINS = 15
"""Bins of the calibration error, as in Guo et al. 2017 (arXiv:1706.04599)."""


@dataclass(frozen=True)
class Bin:
    """The answers whose confidence falls into one bin: how many, how sure on average, how often right."""

    count: int
    confidence: float
    accuracy: float


def confusion_matrix(truth: Classes, probabilities: Floats) -> npt.NDArray[np.int64]:
    """Count answers: rows are the truth, columns what was said; int64 (7, 7)."""
    said = probabilities.argmax(axis=1)
    return np.bincount(truth * len(EMOTIONS) + said, minlength=len(EMOTIONS) ** 2).reshape(len(EMOTIONS), -1)


def accuracy(confusion: npt.NDArray[np.int64]) -> float:
    """Return the share of right answers."""
    return float(np.trace(confusion) / max(confusion.sum(), 1))


def recalls(confusion: npt.NDArray[np.int64]) -> Floats:
    """Return, for each class, the share of its pictures that were recognised; NaN where there are none."""
    return _shares(np.diag(confusion), confusion.sum(axis=1))


def precisions(confusion: npt.NDArray[np.int64]) -> Floats:
    """Return, for each class, how often it was right to say it; NaN where it was never said."""
    return _shares(np.diag(confusion), confusion.sum(axis=0))


def macro_recall(confusion: npt.NDArray[np.int64]) -> float:
    """Return the mean recall of the classes that have pictures: all count alike, however rare."""
    present = recalls(confusion)[confusion.sum(axis=1) > 0]
    return float(present.mean()) if len(present) else 0.0


def calibration_bins(truth: Classes, probabilities: Floats, bins: int = BINS) -> list[Bin]:
    """Sort answers by confidence into bins of equal width over (0, 1]; empty bins are zeros."""
    confidence = probabilities.max(axis=1)
    right = probabilities.argmax(axis=1) == truth
    places = np.clip(np.ceil(confidence * bins).astype(int) - 1, 0, bins - 1)
    return [
        Bin(int(inside.sum()), float(confidence[inside].mean()), float(right[inside].mean()))
        if inside.any()
        else Bin(0, 0.0, 0.0)
        for inside in (places == number for number in range(bins))
    ]


def calibration_error(truth: Classes, probabilities: Floats, bins: int = BINS) -> float:
    """Return the expected calibration error: the mean gap between confidence and accuracy, bins weighted by count."""
    filled = calibration_bins(truth, probabilities, bins)
    return sum(entry.count * abs(entry.confidence - entry.accuracy) for entry in filled) / max(len(truth), 1)


def _shares(part: npt.NDArray, whole: npt.NDArray) -> Floats:
    return np.where(whole > 0, part / np.maximum(whole, 1), np.nan)
