"""Value objects of an analysis: boxes, faces, scores."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from .emotions import EMOTIONS, Emotion
from .priors import Prior

UNCERTAIN_BELOW = 0.5
"""Below this confidence most people would say something else."""


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle in pixels of the upright image as it was sent; (x, y) is the upper left corner."""

    x: int
    y: int
    width: int
    height: int

    @property
    def area(self) -> int:
        """Square pixels."""
        return self.width * self.height


@dataclass(frozen=True, slots=True)
class Face:
    """A face and its apparent expression.

    `scores` are seven calibrated probabilities in the order of `EMOTIONS`, summing to 1.
    `detection_confidence` is 0 to 1, or None where the whole image was declared a face.
    `uncertain` says that the best score is so low that most people would say something else.
    """

    box: Box
    detection_confidence: float | None
    scores: tuple[float, ...]
    uncertain: bool

    @property
    def emotion(self) -> Emotion:
        """The expression with the best score; ties go to the lower id."""
        return EMOTIONS[self.scores.index(max(self.scores))]

    @property
    def confidence(self) -> float:
        """The best score, 0 to 1."""
        return max(self.scores)

    @property
    def scores_by_name(self) -> dict[str, float]:
        """The scores by emotion name."""
        return {emotion.value: score for emotion, score in zip(EMOTIONS, self.scores, strict=True)}


@dataclass(frozen=True, slots=True)
class Analysis:
    """The faces of one image, largest first, and what reading them took.

    `width` and `height` are those of the upright image, in pixels. `step_ms` holds the milliseconds of each step
    ("decode", "detect", "classify"), one after the other from `began` on, in seconds of the monotonic clock;
    `processing_time_ms` is their whole. `prior` is what the scores assume.
    """

    faces: tuple[Face, ...]
    width: int
    height: int
    model_version_tag: str
    processing_time_ms: float
    step_ms: Mapping[str, float] = field(default_factory=dict)
    prior: Prior = Prior.EVEN
    began: float | None = None

    @property
    def largest(self) -> Face | None:
        """The face with the largest box, or None where there is no face."""
        return self.faces[0] if self.faces else None
