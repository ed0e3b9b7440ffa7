"""Make confidence mean what it says, and say below which confidence an answer is not worth acting on."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from visionai.vision.classifier import calibrate
from visionai.vision.priors import OperatingPoint

Floats = npt.NDArray[np.floating]
Classes = npt.NDArray[np.integer]

_LOWEST, _HIGHEST = 0.2, 5.0
_ACCURACY_NEEDED = 0.5


@dataclass(frozen=True)
class Calibration:
    """What is fitted after training; the defaults are those of weights that nothing was fitted for."""

    temperature: float = 1.0
    uncertain_threshold: float = 0.5


def fit_calibration(truth: Classes, probabilities: Floats) -> Calibration:
    """Fit temperature and threshold on answers the network did not learn from: `truth` (n,), probabilities (n, 7)."""
    temperature = fit_temperature(truth, probabilities)
    scores = calibrate(probabilities.astype(np.float32), OperatingPoint.of_temperature(temperature))
    return Calibration(round(temperature, 4), round(fit_threshold(truth, scores), 4))


def fit_temperature(truth: Classes, probabilities: Floats) -> float:
    """Return the temperature at which the truth is likeliest (Guo et al. 2017), 0.2 to 5, to three digits or better.

    Above 1 the network was too sure of itself, below 1 not sure enough. The likelihood has one maximum, which a
    golden-section search closes in on.
    """
    golden = (np.sqrt(5) - 1) / 2
    low, high = np.log(_LOWEST), np.log(_HIGHEST)
    while high - low > 1e-4:
        left, right = high - golden * (high - low), low + golden * (high - low)
        if surprise(truth, probabilities, float(np.exp(left))) < surprise(truth, probabilities, float(np.exp(right))):
            high = right
        else:
            low = left
    return float(np.exp((low + high) / 2))


def surprise(truth: Classes, probabilities: Floats, temperature: float) -> float:
    """Return the mean negative log of the probability given to the truth at a temperature, in nats."""
    scores = calibrate(probabilities.astype(np.float32), OperatingPoint.of_temperature(temperature))
    return float(-np.log(np.maximum(scores[np.arange(len(truth)), truth], 1e-12)).mean())


def fit_threshold(truth: Classes, scores: Floats) -> float:
    """Return the highest confidence such that the answers below it, taken together, are wrong as often as right.

    At most half of those are right, so acting on them is no better than a coin. Where even the least sure are better,
    it is 1/7, which no best score of seven lies below.
    """
    order = np.argsort(scores.max(axis=1))
    confidence = scores.max(axis=1)[order]
    right = (scores.argmax(axis=1) == truth)[order]
    share_right = np.cumsum(right) / np.arange(1, len(right) + 1)
    worthless = np.flatnonzero(share_right <= _ACCURACY_NEEDED)
    return float(confidence[worthless[-1]]) if len(worthless) else 1 / scores.shape[1]
