"""Evaluation metrics: accuracy, recall, precision, confusion, calibration, agreement with a rater."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from visionai.vision.emotions import EMOTIONS

from ..data.dataset import VOTE_NAMES

Floats = npt.NDArray[np.floating]
Classes = npt.NDArray[np.integer]

BINS = 15
"""Bins of the calibration error, as in Guo et al. 2017 (arXiv:1706.04599)."""


_EMOTION_COLUMNS = np.array([VOTE_NAMES.index(emotion.value) for emotion in EMOTIONS])
_NOT_A_FACE = VOTE_NAMES.index("NF")


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
    """Return, for each class, the share of its images that were recognised; NaN where there are none."""
    return _shares(np.diag(confusion), confusion.sum(axis=1))


def precisions(confusion: npt.NDArray[np.int64]) -> Floats:
    """Return, for each class, how often it was right to say it; NaN where it was never said."""
    return _shares(np.diag(confusion), confusion.sum(axis=0))


def macro_recall(confusion: npt.NDArray[np.int64]) -> float:
    """Return the mean recall of the classes that have images: all count alike, however rare."""
    present = recalls(confusion)[confusion.sum(axis=1) > 0]
    return float(present.mean()) if len(present) else 0.0


def calibration_bins(truth: Classes, probabilities: Floats, bins: int = BINS) -> list[Bin]:
    """Sort answers by confidence into bins of equal width over (0, 1]; empty bins are zeros."""
    return _bins(probabilities.argmax(axis=1) == truth, probabilities, bins)


def calibration_error(truth: Classes, probabilities: Floats, bins: int = BINS) -> float:
    """Return the expected calibration error: the mean gap between confidence and accuracy, bins weighted by count."""
    return _mean_gap(calibration_bins(truth, probabilities, bins))


def calibration_bins_of_chances(chances: Floats, probabilities: Floats, bins: int = BINS) -> list[Bin]:
    """Sort answers as `calibration_bins` does, where each is right with a chance in [0, 1], `chances` (n,)."""
    return _bins(chances, probabilities, bins)


def calibration_error_of_chances(chances: Floats, probabilities: Floats, bins: int = BINS) -> float:
    """Return the expected calibration error where each answer is right with a chance in [0, 1], `chances` (n,)."""
    return _mean_gap(calibration_bins_of_chances(chances, probabilities, bins))


def is_face(votes: npt.NDArray[np.integer]) -> npt.NDArray[np.bool_]:
    """Mark the images that fewer than half of the FER+ votes call no face; bool (n,)."""
    return np.asarray(votes[:, _NOT_A_FACE] * 2 < votes.sum(axis=1))


def rater_agreement(votes: npt.NDArray[np.integer] | None, labels: Classes, said: Classes) -> Floats:
    """Return the chance that one rater names the class that was said, in [0, 1]; float64 (n,).

    The rater is any of FER+'s voters. `votes` (n, 10) stand in the order of `VOTE_NAMES`: those that call the image
    no face do not count, those for contempt or unknown count and agree with nothing. An image without votes that count
    has its label's giver alone. `said` and `labels` hold class indices (n,).
    """
    labelled = (labels == said).astype(np.float64)
    if votes is None:
        return np.asarray(labelled)
    counting = votes.sum(axis=1) - votes[:, _NOT_A_FACE]
    agreeing = votes[np.arange(len(votes)), _EMOTION_COLUMNS[said]]
    np.divide(agreeing, counting, out=labelled, where=counting > 0)
    return np.asarray(labelled)


def _bins(right: npt.NDArray, probabilities: Floats, bins: int) -> list[Bin]:
    """Sort answers into bins; `right` (n,) says whether, or with which chance, each of them is."""
    confidence = probabilities.max(axis=1)
    places = np.clip(np.ceil(confidence * bins).astype(int) - 1, 0, bins - 1)
    return [
        Bin(int(inside.sum()), float(confidence[inside].mean()), float(right[inside].mean()))
        if inside.any()
        else Bin(0, 0.0, 0.0)
        for inside in (places == number for number in range(bins))
    ]


def _mean_gap(filled: list[Bin]) -> float:
    answers = sum(entry.count for entry in filled)
    return sum(entry.count * abs(entry.confidence - entry.accuracy) for entry in filled) / max(answers, 1)


def _shares(part: npt.NDArray, whole: npt.NDArray) -> Floats:
    return np.where(whole > 0, part / np.maximum(whole, 1), np.nan)
