"""Cross-validation of a calibration: what a fit to labelled images is worth on images that it did not see.

Stratified k-fold cross-validation, repeated. Standard errors are those of the difference before and after, image by
image, with the classes as strata; the classes count alike, as they do at even shares.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from .emotions import Emotion
from .fitting import UNCHANGED, Classes, Floats, class_weights, fit

FOLDS, REPEATS = 5, 10
LEAST_PICTURES = FOLDS
"""Images that a class needs: one in each fold."""

_BINS = 10
_LEAST_SCORE = 1e-12


class Verdict(StrEnum):
    """Whether a calibration is worth keeping, or why it is not."""

    HELPS = "helps"
    NO_BETTER_THAN_CHANCE = "no_better_than_chance"
    EXCHANGED = "exchanged"
    NO_CLEAR_GAIN = "no_clear_gain"


@dataclass(frozen=True, slots=True)
class Figures:
    """How well scores agree with labels.

    `macro_recall` is the mean of the classes' recalls, `log_loss` the negative log of the score given to the label, in
    nats, and `calibration_error` the expected calibration error over ten bins; in both the classes count alike.
    """

    accuracy: float
    macro_recall: float
    log_loss: float
    calibration_error: float


@dataclass(frozen=True, slots=True)
class Gain:
    """An improvement (above 0 is better) and its standard error."""

    value: float
    standard_error: float

    @property
    def is_clear(self) -> bool:
        """Whether the improvement is more than its standard error."""
        return self.value > self.standard_error


@dataclass(frozen=True, slots=True)
class Trial:
    """What a calibration is worth: figures of unseen images before and after, and the gains between them.

    `exchanged` holds two emotions of which most images of each are read as the other, or is None.
    """

    verdict: Verdict
    before: Figures
    after: Figures
    accuracy: Gain
    macro_recall: Gain
    log_loss: Gain
    exchanged: tuple[Emotion, Emotion] | None = None


def cross_validate(odds: Floats, labels: Classes, *, seed: int = 0) -> Trial:
    """Fit on all folds but one and read that one, for each fold, ten times; the same images give the same figures.

    `odds` (n, 7) are log-odds at even shares, `labels` (n,) class indices; every class that occurs needs
    `LEAST_PICTURES`. A calibration helps where macro recall and log loss both improve by more than their standard
    errors, and recall is above that of guessing by more than two.
    """
    rng = np.random.default_rng(seed)
    before = UNCHANGED.scores(odds)
    after = np.stack([_read_unseen(odds, labels, deal(labels, rng)) for _ in range(REPEATS)])
    was_right, is_right = _right(before, labels), _right(after, labels).mean(axis=0)
    old_loss, new_loss = _log_loss(before, labels), _log_loss(after, labels).mean(axis=0)
    errors = [calibration_error(scores, labels) for scores in after]
    recall, log_loss = _by_class(is_right - was_right, labels), _by_class(old_loss - new_loss, labels)
    exchanged = _exchanged(before, labels) or _exchanged(after.mean(axis=0), labels)
    return Trial(
        verdict=_verdict(exchanged, _by_class(is_right, labels), 1 / len(np.unique(labels)), recall, log_loss),
        before=_figures(was_right, old_loss, labels, calibration_error(before, labels)),
        after=_figures(is_right, new_loss, labels, float(np.mean(errors))),
        accuracy=_over_all(is_right - was_right),
        macro_recall=recall,
        log_loss=log_loss,
        exchanged=exchanged,
    )


def deal(labels: Classes, rng: np.random.Generator) -> Classes:
    """Deal the images of each class out over the folds, in random order; returns the fold of each image."""
    folds = np.empty(len(labels), np.int64)
    for label in np.unique(labels):
        rows = rng.permutation(np.flatnonzero(labels == label))
        folds[rows] = (np.arange(len(rows)) + rng.integers(FOLDS)) % FOLDS
    return folds


def calibration_error(scores: Floats, labels: Classes) -> float:
    """Return the expected calibration error of the best scores, over ten bins of confidence, classes counting alike."""
    confidence = scores.max(axis=1)
    weights = class_weights(labels) / len(labels)
    bins = np.minimum((confidence * _BINS).astype(np.int64), _BINS - 1)
    return float(np.abs(np.bincount(bins, weights * (confidence - _right(scores, labels)), _BINS)).sum())


def _read_unseen(odds: Floats, labels: Classes, folds: Classes) -> Floats:
    scores = np.empty_like(odds)
    for fold in range(FOLDS):
        held_out = folds == fold
        scores[held_out] = fit(odds[~held_out], labels[~held_out]).scores(odds[held_out])
    return scores


def _verdict(
    exchanged: tuple[Emotion, Emotion] | None, recall_after: Gain, chance: float, recall: Gain, log_loss: Gain
) -> Verdict:
    if exchanged:
        return Verdict.EXCHANGED
    if recall_after.value - 2 * recall_after.standard_error <= chance:
        return Verdict.NO_BETTER_THAN_CHANCE
    return Verdict.HELPS if recall.is_clear and log_loss.is_clear else Verdict.NO_CLEAR_GAIN


def _exchanged(scores: Floats, labels: Classes) -> tuple[Emotion, Emotion] | None:
    """Return two emotions whose labels look exchanged: more than half of either's images are read as the other."""
    read = scores.argmax(axis=1)
    mostly = {}
    for label in np.unique(labels).tolist():
        counts = np.bincount(read[labels == label], minlength=scores.shape[1])
        if 2 * counts.max() > counts.sum():
            mostly[label] = int(counts.argmax())
    for label, other in mostly.items():
        if other != label and mostly.get(other) == label:
            return Emotion.from_index(label), Emotion.from_index(other)
    return None


def _right(scores: Floats, labels: Classes) -> Floats:
    return np.asarray(scores.argmax(axis=-1) == labels, dtype=np.float64)


def _log_loss(scores: Floats, labels: Classes) -> Floats:
    return np.asarray(-np.log(np.maximum(scores[..., np.arange(len(labels)), labels], _LEAST_SCORE)))


def _figures(right: Floats, log_loss: Floats, labels: Classes, error: float) -> Figures:
    return Figures(float(right.mean()), _by_class(right, labels).value, _by_class(log_loss, labels).value, error)


def _by_class(values: Floats, labels: Classes) -> Gain:
    """Return the mean of the classes' means, and its standard error with the classes as strata."""
    parts = [values[labels == label] for label in np.unique(labels)]
    variance = sum(part.var(ddof=1) / len(part) for part in parts) / len(parts) ** 2
    return Gain(float(np.mean([part.mean() for part in parts])), float(np.sqrt(variance)))


def _over_all(values: Floats) -> Gain:
    return Gain(float(values.mean()), float(values.std(ddof=1) / np.sqrt(len(values))))
