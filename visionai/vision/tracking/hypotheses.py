"""Hypotheses of where a tracked face is: the one that the last faces say, and the one from before a jump.

Now and then a detector shows a face where there is none, while the true one is turned away, and the nearest track goes
there. So a face that surprises a track is followed, for heads do move suddenly, but what was known before is kept: a
face that fits it better takes the track back. After `confirmed_after` seconds at the new place it is forgotten. This
is multiple hypothesis tracking (D. Reid, "An Algorithm for Tracking Multiple Targets", 1979) with two.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field

from .association import Association, Candidate
from .motion import Dynamics, Measurement, Motion


@dataclass(frozen=True, slots=True)
class Following:
    """How a face is followed: how faces move, what continues a track, and when two hypotheses are kept.

    Of the true faces one in 40 surprises and keeps a second hypothesis for nothing, which costs microseconds.
    """

    dynamics: Dynamics = field(default_factory=Dynamics)
    association: Association = field(default_factory=Association)
    confirmed_after: float = 0.2


class Hypotheses:
    """Where a face is, by one hypothesis or two."""

    __slots__ = ("_former", "_jumped_at", "_settings", "motion")

    def __init__(self, first: Measurement, now: float, settings: Following = Following()) -> None:
        self.motion = Motion.begin(first, now, settings.dynamics)
        self._settings = settings
        self._former: Motion | None = None
        self._jumped_at = -math.inf

    def candidates(self, now: float, lost: bool) -> Sequence[Candidate]:
        """Return what faces of now are to be compared with; `lost` says that the last frame did not show the face."""
        motions = (self.motion,) if self._former is None else (self.motion, self._former)
        settings = self._settings
        return [Candidate(motion, now, lost, settings.association, settings.dynamics) for motion in motions]

    def follow(self, face: Measurement, now: float) -> None:
        """Take in where a face was found."""
        if self._former is not None:
            self._decide(self._former, face, now)
        after = self.motion.follow(face, now)
        if self._former is None and after.surprise > self._settings.dynamics.surprising:
            self._former, self._jumped_at = self.motion, now
        self.motion = after

    def _decide(self, former: Motion, face: Measurement, now: float) -> None:
        """Go back to the hypothesis before the jump, or forget it, or neither."""
        current, before = (candidate.cost(face) for candidate in self.candidates(now, lost=False))
        if before < current:
            self.motion, self._former = former, None
        elif now - self._jumped_at >= self._settings.confirmed_after:
            self._former = None
