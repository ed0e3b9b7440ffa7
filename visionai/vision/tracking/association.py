"""Association: what it costs to continue a track by a face, as a negative log-likelihood.

A track expects a face where its motion brings it, of the size it had. The place and the logarithm of the size follow
Student's t-distributions about that with the variances of the Kalman filter (`motion.py`): heads turn back and
detectors slip more often than a normal distribution has it. With ν degrees of freedom, d the distance in sides, r the
logarithm of the sizes' ratio, and S and V their variances,

    cost = log S/S₀ + ½ log V/V₀ + ½ (ν + 2) log(1 + d²/νS) + ½ (ν + 1) log(1 + r²/νV),

which is 0 for the face that a track expects and knows as well as it can be known (S₀, V₀: twice those of a
measurement). Who was not seen in the last frame may have stopped as well as gone on: d is measured to the nearer of
where the face was and where it should be, and the cost is `lost` higher. The size tells who is who where two cross,
since the one who is before the other is nearer and so, of two heads of one size, larger. What the detector is not sure
of costs `doubted` more: where a face is missed, one that is not there shall not be taken for it.

Limits bound what a body can do, and spare the formula most pairs.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from ..results import Face
from .motion import Dynamics, Measurement, Motion, Point


@dataclass(frozen=True, slots=True)
class Association:
    """What a face that continues a track may differ by, and what that costs; distances in sides of the face.

    A face lies up to `reach` from where the track was or should be, and `reach_per_second` more for each second since
    it was seen, `most_reach` in all. The logarithm of its side differs by up to `growth`, four standard deviations of
    a face of 45 pixels, and by `growth_per_second` more, which is a head half a metre from the camera that comes
    nearer at 1 m/s, `most_growth` in all.

    A face is new where that costs less: `alone`. One in ten frames has a face that is new or none at all, anywhere in a
    picture of 31 squares of a face and at a size between 40 and 140 pixels (6.0 nats less likely), and the track's face
    is missed, as in one frame of 20 (3.0); the density at what a track expects is 6.8 nats above 1. `freedom` (ν) and
    `lost` are the best on clips of people who sway, cross and turn away, on seeds of their own; between 3 and 5, and 1
    and 1.5, it makes no difference.

    Of faces that are not there nearly all score less than `sure`, of those that are 2 % where they are looked for near
    their last boxes and 19 % in a whole search (`python -m benchmarks.vision.detector_scores`, on twenty photographs).
    The logarithm of that ratio is between 1.6 and 3.9; on clips `doubted` makes no difference between 2 and 3.
    """

    reach: float = 0.5
    reach_per_second: float = 8.0
    most_reach: float = 2.0
    growth: float = 0.2
    growth_per_second: float = 2.0
    most_growth: float = 0.7
    freedom: float = 4.0
    alone: float = 16.0
    lost: float = 1.0
    sure: float = 0.75
    doubted: float = 2.0

    def is_sure(self, face: Face) -> bool:
        """Tell whether the detector is sure that there is a face, or was not asked."""
        return face.detection_confidence is None or face.detection_confidence >= self.sure


class Candidate:
    """A motion at one moment, to be compared with faces. Sixteen faces make 256 pairs, so the common is done once."""

    __slots__ = (
        "_base",
        "_limit",
        "_lost",
        "_most_growth",
        "_motion",
        "_per_place",
        "_per_size",
        "_settings",
        "_x",
        "_y",
    )

    def __init__(self, motion: Motion, now: float, lost: bool, settings: Association, dynamics: Dynamics) -> None:
        self._settings = settings
        self._motion = motion
        self._lost = lost
        self._x, self._y = motion.expected(now)
        seconds, side = now - motion.at, math.exp(motion.size)
        self._limit = (min(settings.reach + settings.reach_per_second * seconds, settings.most_reach) * side) ** 2
        self._most_growth = min(settings.growth + settings.growth_per_second * seconds, settings.most_growth)
        place, size = motion.variances(now)
        known = 2 * dynamics.placed**2, 2 * dynamics.sized**2
        self._base = math.log(place / known[0]) + math.log(size / known[1]) / 2 + (settings.lost if lost else 0.0)
        self._per_place = 1 / (settings.freedom * place * side * side)
        self._per_size = 1 / (settings.freedom * size)

    def cost(self, face: Measurement) -> float:
        """Return what it costs to continue by a face, by the module's formula; infinite beyond the limits."""
        ratio = face.size - self._motion.size
        if abs(ratio) > self._most_growth:
            return math.inf
        squared = (face.x - self._x) ** 2 + (face.y - self._y) ** 2
        if self._lost or squared > self._limit:
            from_last = _squared_distance(self._motion.place, face)
            if min(squared, from_last) > self._limit:
                return math.inf
            squared = min(squared, from_last) if self._lost else squared
        place = (self._settings.freedom + 2) / 2 * math.log1p(squared * self._per_place)
        return self._base + place + (self._settings.freedom + 1) / 2 * math.log1p(ratio * ratio * self._per_size)


def _squared_distance(one: Point, face: Measurement) -> float:
    return (face.x - one[0]) ** 2 + (face.y - one[1]) ** 2
