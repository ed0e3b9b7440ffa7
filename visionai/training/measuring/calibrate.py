"""Temperature scaling, so that a confidence is the chance that a person would say the same."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
from scipy.optimize import brentq

from visionai.vision.classifier import calibrate
from visionai.vision.priors import OperatingPoint

Floats = npt.NDArray[np.floating]

_LOWEST, _HIGHEST = 0.2, 5.0

CAUTION = 1.96 * 2**0.5
"""Standard errors by which agreement on other images may be lower than on these: the lower end of the 95 % prediction
interval for as many others.

The images it is fitted on have chosen the weights too, and on others a network is too sure far more often than not.
"""


def fit_temperature(probabilities: Floats, agreements: Floats, offsets: Sequence[float]) -> float:
    """Return the temperature, 0.2 to 5, at which answers are on average as sure as the least that raters may agree.

    `probabilities` (n, 7) are the network's, `offsets` those of an operating point, `agreements` (n,) the chances
    that one rater names the class with the best score (see `metrics.rater_agreement`). Above 1 the network was too sure
    of itself. A temperature as in Guo et al. 2017 (arXiv:1706.04599), but by the mean of the best score alone: votes
    for what is none of the seven count as misses, and a few answers that are sure and wrong do not decide. The
    least that they may agree lies `CAUTION` standard errors below how often they did here.
    """
    wanted = float(agreements.mean() - CAUTION * agreements.std() / np.sqrt(len(agreements)))

    def too_sure(temperature: float) -> float:
        point = OperatingPoint(tuple(offsets), temperature)
        return float(calibrate(probabilities.astype(np.float32), point).max(axis=1).mean()) - wanted

    # The mean confidence falls as the temperature rises, from 1 to 1/7.
    if too_sure(_LOWEST) <= 0:
        return _LOWEST
    if too_sure(_HIGHEST) >= 0:
        return _HIGHEST
    return float(brentq(too_sure, _LOWEST, _HIGHEST, xtol=1e-4))
