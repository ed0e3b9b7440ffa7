"""Fit the classifier's operating points to labelled pictures of a user's own kind, and tell whether that helps.

The model is a multinomial logistic regression on one feature: with z the log-odds of our scores at even shares, scores
become softmax(gain * z + shift), a gain and seven shifts (vector scaling with one scale: C. Guo et al., "On Calibration
of Modern Neural Networks", 2017). A Gaussian prior around gain 1 and shift 0 keeps few pictures near our own points;
the penalised likelihood is concave, so Newton's method finds its one maximum.

Whether the fit helps is asked of pictures that it did not see: stratified k-fold cross-validation, repeated. The
classes count alike, as they do at even shares, however many pictures each has.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from .emotions import EMOTIONS

Floats = npt.NDArray[np.float64]
Classes = npt.NDArray[np.int64]

LEAST_PICTURES = 5
"""Pictures that a class needs to be fitted: one a fold."""

SHIFT_DEVIATION = 1.0
GAIN_DEVIATION = 0.5
"""Standard deviations of the prior, in nats of the final log-odds and as a factor of them."""

FOLDS, REPEATS = 5, 10
BINS = 10
_GAINS = (0.1, 10.0)
_STEPS, _CLOSE_ENOUGH = 50, 1e-9


@dataclass(frozen=True, slots=True)
class Fit:
    """Scores become softmax(gain * z + shift), z the log-odds at even shares; `shift` holds seven, mean 0."""

    gain: float
    shift: tuple[float, ...]

    def scores(self, odds: Floats) -> Floats:
        """Return the scores (n, 7) of log-odds (n, 7)."""
        return np.exp(_log_softmax(self.gain * odds + np.array(self.shift)))


UNCHANGED = Fit(1.0, (0.0,) * len(EMOTIONS))


@dataclass(frozen=True, slots=True)
class Figures:
    """How well scores agree with labels, the classes counting alike.

    `macro_recall` is the mean of the classes' recalls, `surprise` the mean negative log of the score given to the
    label, in nats, `calibration_error` the expected calibration error over ten bins.
    """

    accuracy: float
    macro_recall: float
    surprise: float
    calibration_error: float


@dataclass(frozen=True, slots=True)
class Gain:
    """An improvement by calibration (positive is better) and its standard error over pictures, by class."""

    value: float
    standard_error: float

    @property
    def is_clear(self) -> bool:
        """Whether it is more than its standard error."""
        return self.value > self.standard_error


@dataclass(frozen=True, slots=True)
class Trial:
    """What a fit is worth on pictures that it did not see, before and after.

    `above_chance`: recall after calibration is more than two standard errors above that of guessing.
    """

    before: Figures
    after: Figures
    macro_recall: Gain
    accuracy: Gain
    surprise: Gain
    above_chance: bool

    @property
    def helps(self) -> bool:
        """Whether recall and likelihood both improve by more than chance explains."""
        return self.above_chance and self.macro_recall.is_clear and self.surprise.is_clear


def fit(odds: Floats, labels: Classes) -> Fit:
    """Fit gain and shift to log-odds (n, 7) at even shares and labels (n,).

    Classes without a picture say nothing about themselves: the likelihood is that of the label among the classes that
    have pictures, whose shifts have mean 0, and the others' stay 0. So on the whole nothing moves to or from them.
    """
    present = np.unique(labels)
    among = odds[:, present]
    wanted = (labels[:, None] == present).astype(np.float64)
    solution = _newton(among, wanted, _weights(labels))
    shift = np.zeros(odds.shape[1])
    shift[present] = solution[1:] - solution[1:].mean()
    return Fit(float(np.clip(solution[0], *_GAINS)), tuple(map(float, shift)))


def cross_validate(odds: Floats, labels: Classes, *, seed: int = 0) -> Trial:
    """Fit on all folds but one and read that one, for each fold, many times over; the same pictures give the same."""
    own = UNCHANGED.scores(odds)
    rng = np.random.default_rng(seed)
    unseen = np.stack([_read_unseen(odds, labels, folds(labels, rng)) for _ in range(REPEATS)])
    rows = np.arange(len(labels))
    right_before = (own.argmax(axis=1) == labels).astype(np.float64)
    right_after = (unseen.argmax(axis=2) == labels).mean(axis=0)
    surprise_before = -np.log(np.maximum(own[rows, labels], 1e-12))
    surprise_after = -np.log(np.maximum(unseen[:, rows, labels], 1e-12)).mean(axis=0)
    recall_after = _gain(right_after, labels)
    chance = 1 / len(np.unique(labels))
    errors = [calibration_error(scores, labels) for scores in unseen]
    return Trial(
        before=_figures(right_before, surprise_before, labels, calibration_error(own, labels)),
        after=_figures(right_after, surprise_after, labels, float(np.mean(errors))),
        macro_recall=_gain(right_after - right_before, labels),
        accuracy=_plain_gain(right_after - right_before),
        surprise=_gain(surprise_before - surprise_after, labels),
        above_chance=recall_after.value - 2 * recall_after.standard_error > chance,
    )


def folds(labels: Classes, rng: np.random.Generator) -> Classes:
    """Deal the pictures of each class out over the folds in turn, in random order; returns the fold of each."""
    dealt = np.empty(len(labels), np.int64)
    for label in np.unique(labels):
        rows = rng.permutation(np.flatnonzero(labels == label))
        dealt[rows] = (np.arange(len(rows)) + rng.integers(FOLDS)) % FOLDS
    return dealt


def calibration_error(scores: Floats, labels: Classes) -> float:
    """Return the expected calibration error of the best score, over ten bins, the classes counting alike."""
    confidence, right = scores.max(axis=1), scores.argmax(axis=1) == labels
    weights = _weights(labels) / len(labels)
    bins = np.minimum((confidence * BINS).astype(int), BINS - 1)
    gaps = np.bincount(bins, weights * (confidence - right), BINS)
    return float(np.abs(gaps).sum())


def _read_unseen(odds: Floats, labels: Classes, dealt: Classes) -> Floats:
    scores = np.empty_like(odds)
    for fold in _unique(dealt):
        held_out = dealt == fold
        scores[held_out] = fit(odds[~held_out], labels[~held_out]).scores(odds[held_out])
    return scores


def _newton(odds: Floats, wanted: Floats, weights: Floats) -> Floats:
    """Return gain and shifts that maximise the weighted log-likelihood with the prior, by damped Newton steps."""
    classes = odds.shape[1]
    start = np.concatenate([[1.0], np.zeros(classes)])
    precision = np.concatenate([[GAIN_DEVIATION**-2], np.full(classes, SHIFT_DEVIATION**-2)])
    # The gain and each shift are weights of features of every class: features (n, classes, 1 + classes).
    features = np.concatenate([odds[:, :, None], np.broadcast_to(np.eye(classes), (len(odds), classes, classes))], 2)

    def loss(values: Floats) -> float:
        surprise = -(weights * (wanted * _log_softmax(features @ values)).sum(axis=1)).sum()
        return float(surprise + (precision * (values - start) ** 2).sum() / 2)

    values = start
    for _ in range(_STEPS):
        scores = np.exp(_log_softmax(features @ values))
        gradient = np.einsum("n,nc,ncf->f", weights, scores - wanted, features) + precision * (values - start)
        mean = np.einsum("nc,ncf->nf", scores, features)
        spread = np.einsum("n,nc,ncf,ncg->fg", weights, scores, features, features, optimize=True)
        curvature = spread - np.einsum("n,nf,ng->fg", weights, mean, mean) + np.diag(precision)
        step = np.linalg.solve(curvature, gradient)
        length, here = 1.0, loss(values)
        while length > 1e-6 and loss(values - length * step) > here:
            length /= 2
        values = values - length * step
        if gradient @ step < _CLOSE_ENOUGH:
            break
    return values


def _weights(labels: Classes) -> Floats:
    """Return a weight for each picture, summing to their number, such that every class weighs the same."""
    counts = np.bincount(labels, minlength=len(EMOTIONS))
    return np.asarray(len(labels) / (np.count_nonzero(counts) * counts[labels]))


def _figures(right: Floats, surprise: Floats, labels: Classes, error: float) -> Figures:
    return Figures(float(right.mean()), _gain(right, labels).value, _gain(surprise, labels).value, error)


def _gain(values: Floats, labels: Classes) -> Gain:
    """Return the mean over the classes' means, and its standard error with the classes as strata."""
    parts = [values[labels == label] for label in _unique(labels)]
    value = np.mean([part.mean() for part in parts])
    variance = sum(part.var(ddof=1) / len(part) for part in parts) / len(parts) ** 2
    return Gain(float(value), float(np.sqrt(variance)))


def _plain_gain(values: Floats) -> Gain:
    return Gain(float(values.mean()), float(values.std(ddof=1) / np.sqrt(len(values))))


def _unique(values: Classes) -> Iterator[np.int64]:
    yield from np.unique(values)


def _log_softmax(odds: Floats) -> Floats:
    odds = odds - odds.max(axis=-1, keepdims=True)
    return np.asarray(odds - np.log(np.exp(odds).sum(axis=-1, keepdims=True)))
