"""Temporal smoothing of the scores and the label of one face at one prior.

The scores s follow a face's scores p over time, not over frames: s += (1 - exp(-dt / tau)) (p - s), dt the seconds
since the face was last seen. The label changes to the best score only once that leads the label's own by `lead`, so
that two expressions of like scores do not take turns.
"""

from __future__ import annotations

import math

from ..emotions import EMOTIONS
from ..results import Face


class Smoothed:
    """The scores and the label of a face over time; `seen_at` is when it was last seen."""

    __slots__ = ("emotion", "scores", "seen_at")

    def __init__(self, face: Face, now: float) -> None:
        self.scores = list(face.scores)
        self.emotion = face.emotion
        self.seen_at = now

    def follow(self, face: Face, now: float, tau: float, lead: float) -> None:
        """Follow a face's scores over time, by the module's formulas."""
        share = -math.expm1(-max(now - self.seen_at, 0) / tau)
        self.scores = [old + share * (new - old) for old, new in zip(self.scores, face.scores, strict=True)]
        best = max(self.scores)
        if best >= self.scores[self.emotion.class_index] + lead:
            self.emotion = EMOTIONS[self.scores.index(best)]
        self.seen_at = now
