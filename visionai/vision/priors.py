"""Operating points of the classifier: the class prior that its scores assume, and the temperature that calibrates them.

A network learns the class shares of its training images along with everything else. Scores for other shares follow
by Bayes' rule, with no second inference: softmax((log p + log shares - log learned shares) / temperature). Source:
M. Saerens et al., "Adjusting the Outputs of a Classifier to New a Priori Probabilities", 2002; the temperature after
C. Guo et al., "On Calibration of Modern Neural Networks", 2017.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from .emotions import EMOTIONS


class Prior(StrEnum):
    """The class shares that scores assume: `even`, all alike, or `typical`, neutral and happy the most common."""

    EVEN = "even"
    TYPICAL = "typical"


@dataclass(frozen=True, slots=True)
class OperatingPoint:
    """How probabilities of the network become scores: softmax((log p + offsets) / temperature).

    `offsets` are seven, in the order of `EMOTIONS`. `shares` are the class shares that they were derived from, summing
    to 1, or None where the weights name none.
    """

    offsets: tuple[float, ...]
    temperature: float
    shares: tuple[float, ...] | None = None

    @classmethod
    def of_shares(cls, shares: Sequence[float], learned: Sequence[float], temperature: float) -> OperatingPoint:
        """Return the point that assumes `shares` of a network that learned from `learned` shares, all above 0."""
        offsets = tuple(math.log(share) - math.log(known) for share, known in zip(shares, learned, strict=True))
        return cls(offsets, temperature, tuple(shares))

    @classmethod
    def of_temperature(cls, temperature: float) -> OperatingPoint:
        """Return the point that leaves the prior of the network as it is."""
        return cls((0.0,) * len(EMOTIONS), temperature)


def same_point(point: OperatingPoint) -> Mapping[Prior, OperatingPoint]:
    """Return `point` for every prior, as of weights that name no class shares."""
    return dict.fromkeys(Prior, point)


@dataclass(frozen=True, slots=True)
class DefaultPriors:
    """The priors where a call or a frame names none."""

    pictures: Prior
    frames: Prior

    @classmethod
    def of_setting(cls, setting: str) -> DefaultPriors:
        """Return the priors that PRIOR chooses: "auto", "even" or "typical".

        An image is taken because something shows; a camera mostly sees neutral faces.
        """
        if setting == "auto":
            return cls(pictures=Prior.EVEN, frames=Prior.TYPICAL)
        return cls(Prior(setting), Prior(setting))
