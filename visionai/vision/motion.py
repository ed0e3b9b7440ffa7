"""Motion prediction: a Kalman filter of constant velocity for the middle of a face.

Positions are pixels and times seconds; standard deviations are in sides of the face, so that they hold for any size.
The velocity changes by white-noise acceleration, and both axes have the same covariance. Source: Y. Bar-Shalom, X. R.
Li and T. Kirubarajan, "Estimation with Applications to Tracking and Navigation", 2001, sections 5.2 and 6.2.
"""

from __future__ import annotations

from dataclasses import dataclass

Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Dynamics:
    """How faces move and how well they are found.

    `measured` is a box's error in sides, `speed` the first guess of a speed's in sides a second, `acceleration` the
    spectral density of the acceleration's noise in sides² a second³. A speed is trusted for `trust` seconds.
    """

    measured: float = 0.04
    speed: float = 3.0
    acceleration: float = 5.0
    trust: float = 1.0


class Motion:
    """A point that moves; `at` is the second of its last measurement."""

    __slots__ = ("_covariance", "_dynamics", "_position", "_speed", "at")

    def __init__(self, position: Point, at: float, dynamics: Dynamics = Dynamics()) -> None:
        self.at = at
        self._dynamics = dynamics
        self._position = position
        self._speed: Point = (0.0, 0.0)
        self._covariance = dynamics.measured**2, 0.0, dynamics.speed**2

    def expected(self, now: float) -> Point:
        """Return where the point should be by now."""
        seconds = min(max(now - self.at, 0.0), self._dynamics.trust)
        (x, y), (across, down) = self._position, self._speed
        return x + across * seconds, y + down * seconds

    def follow(self, measured: Point, now: float) -> None:
        """Take in where the point was found."""
        dynamics = self._dynamics
        seconds = max(now - self.at, 0.0)
        x, y = self.expected(now)
        place, both, speed = _grown(self._covariance, seconds, dynamics.acceleration)
        certainty = 1 / (place + dynamics.measured**2)
        gain, speed_gain = place * certainty, both * certainty
        off_x, off_y = measured[0] - x, measured[1] - y
        self._position = x + gain * off_x, y + gain * off_y
        self._speed = self._speed[0] + speed_gain * off_x, self._speed[1] + speed_gain * off_y
        self._covariance = (1 - gain) * place, (1 - gain) * both, speed - speed_gain * both
        self.at = now


def _grown(covariance: tuple[float, float, float], seconds: float, noise: float) -> tuple[float, float, float]:
    """Return the variance of the place, its covariance with the speed, and the speed's variance, some seconds later."""
    place, both, speed = covariance
    return (
        place + seconds * (2 * both + seconds * (speed + seconds * noise / 3)),
        both + seconds * (speed + seconds * noise / 2),
        speed + seconds * noise,
    )
