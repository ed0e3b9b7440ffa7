"""Motion prediction: a Kalman filter for where a face is and how large.

The middle moves at a constant velocity that white-noise acceleration changes; both axes have the same covariance. The
logarithm of the side is a random walk: people sway to and from a camera, and walk past it at one distance. Places are
pixels, times seconds; variances are in squares of the face's side, so that they hold for any size. Source: Y.
Bar-Shalom, X. R. Li and T. Kirubarajan, "Estimation with Applications to Tracking and Navigation", 2001, sections 5.2,
5.4, 6.2 and 11.2.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import NamedTuple

from ..results import Box

Point = tuple[float, float]
Covariance = tuple[float, float, float]
"""The variance of a place, its covariance with the speed, and the variance of the speed."""


class Measurement(NamedTuple):
    """The middle of a face's box, in pixels, and the natural logarithm of its longer side, of one pixel at least."""

    x: float
    y: float
    size: float


def measured(box: Box) -> Measurement:
    """Return what is measured of a face by its box."""
    return Measurement(box.x + box.width / 2, box.y + box.height / 2, math.log(max(box.width, box.height, 1)))


@dataclass(frozen=True, slots=True)
class Dynamics:
    """How faces move and how well they are found.

    `placed` is the standard deviation of a box's place, in sides, and `sized` that of the logarithm of its side: the
    detector's error, 1.2 and 1.8 pixels of 640 (see `benchmarks/tracking/clips.py`), and what its two networks differ
    by. `speed` is the standard deviation of the speed of a face that is new, in sides a second; somebody who walks past
    at 1 m/s has six. `acceleration` is the spectral density of the acceleration's noise, in sides² a second³, and
    `approach` that of the random walk of the size, in 1 a second: 6 % after one. A speed is trusted for `trust`
    seconds.
    """

    placed: float = 0.03
    sized: float = 0.025
    speed: float = 2.0
    acceleration: float = 2.0
    approach: float = 0.004
    trust: float = 1.0
    surprising: float = 9.35


@dataclass(slots=True, eq=False)
class Motion:
    """What is known of a face that moves, after its last measurement. Values do not change; `follow` makes new ones.

    `at` is the second of that measurement, `place`, `size` and `speed` (pixels a second) what the filter makes of it
    and those before, and `surprise` how far it was off: the normalised innovation squared, of a chi-square distribution
    with three degrees of freedom where the model holds.
    """

    at: float
    place: Point
    size: float
    speed: Point
    covariance: Covariance
    size_variance: float
    dynamics: Dynamics
    surprise: float = 0.0

    @classmethod
    def begin(cls, first: Measurement, at: float, dynamics: Dynamics = Dynamics()) -> Motion:
        """Return what is known of a face that was measured once."""
        covariance = dynamics.placed**2, 0.0, dynamics.speed**2
        return cls(at, (first.x, first.y), first.size, (0.0, 0.0), covariance, dynamics.sized**2, dynamics)

    def expected(self, now: float) -> Point:
        """Return where the middle should be by now."""
        seconds = min(max(now - self.at, 0.0), self.dynamics.trust)
        (x, y), (across, down) = self.place, self.speed
        return x + across * seconds, y + down * seconds

    def variances(self, now: float) -> tuple[float, float]:
        """Return the variances of a measurement of now: of its place on each axis, in sides², and of its size."""
        dynamics, seconds = self.dynamics, max(now - self.at, 0.0)
        place = _place_variance(self.covariance, seconds, dynamics.acceleration)
        return place + dynamics.placed**2, self.size_variance + seconds * dynamics.approach + dynamics.sized**2

    def follow(self, measurement: Measurement, now: float) -> Motion:
        """Return the motion that has taken in a measurement of now.

        After one that surprises, the place and the speed count as known so much less, and the next one for more: the
        filter would fall ever further behind a face that moves as no head does, such as one of a recording that is
        sent faster than it was made (section 11.2, a level of noise that is adjusted).
        """
        dynamics = self.dynamics
        place, both, speed, size = self._grown(now)
        place_certainty, size_certainty = 1 / (place + dynamics.placed**2), 1 / (size + dynamics.sized**2)
        x, y = self.expected(now)
        off_x, off_y, off_size = measurement.x - x, measurement.y - y, measurement.size - self.size
        gain, speed_gain, size_gain = place * place_certainty, both * place_certainty, size * size_certainty
        off_in_sides = (off_x * off_x + off_y * off_y) * math.exp(-2 * self.size)
        surprise = off_in_sides * place_certainty + off_size * off_size * size_certainty
        less = max(1.0, surprise / dynamics.surprising)
        return Motion(
            at=now,
            place=(x + gain * off_x, y + gain * off_y),
            size=self.size + size_gain * off_size,
            speed=(self.speed[0] + speed_gain * off_x, self.speed[1] + speed_gain * off_y),
            covariance=(less * (1 - gain) * place, less * (1 - gain) * both, less * (speed - speed_gain * both)),
            size_variance=(1 - size_gain) * size,
            dynamics=dynamics,
            surprise=surprise,
        )

    def _grown(self, now: float) -> tuple[float, float, float, float]:
        """Return by now the variance of the place, its covariance with the speed, the speed's and the size's."""
        dynamics, seconds = self.dynamics, max(now - self.at, 0.0)
        (_, both, speed), noise = self.covariance, dynamics.acceleration
        return (
            _place_variance(self.covariance, seconds, noise),
            both + seconds * (speed + seconds * noise / 2),
            speed + seconds * noise,
            self.size_variance + seconds * dynamics.approach,
        )


def _place_variance(covariance: Covariance, seconds: float, noise: float) -> float:
    """Return the variance of the place some seconds later."""
    place, both, speed = covariance
    return place + seconds * (2 * both + seconds * (speed + seconds * noise / 3))
