"""The learning-rate schedule of a run: warm-up, level, cool-down."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Schedule:
    """Warm up over `warm_up` epochs, hold `peak`, and fall in a straight line over the last `cool_down` share.

    As good as a cosine (Hägele et al., arXiv:2405.18392), and while the rate is level nothing depends on how long the
    run will be: `--resume` may lengthen or shorten it, as the time that is left allows.
    """

    peak: float
    epochs: int
    warm_up: float = 1.0
    cool_down: float = 0.4

    def rate(self, epoch: float) -> float:
        """Return the rate at a point of the run, counted in epochs with fractions."""
        rise = min(1.0, (epoch + 0.01) / self.warm_up) if self.warm_up else 1.0
        fall = min(1.0, max(0.0, self.epochs - epoch) / max(self.cool_down * self.epochs, 1e-9))
        return self.peak * min(rise, max(fall, 1e-3))
