"""Few-line stand-ins for what the network finds, for tests that are not about it."""

from __future__ import annotations

from visionai.vision.priors import Prior
from visionai.vision.results import Analysis, Box, Face

HAPPY = (0.01, 0.0, 0.01, 0.9234, 0.04, 0.01, 0.0066)


def a_face(scores: tuple[float, ...] = HAPPY, box: Box = Box(120, 80, 96, 96)) -> Face:
    return Face(box, detection_confidence=0.98, scores=scores, uncertain=max(scores) < 0.5)


def an_analysis(*faces: Face, prior: Prior = Prior.EVEN) -> Analysis:
    return Analysis(faces, 640, 480, "v1.0.0", 7.2, {"decode": 1.0, "detect": 3.0, "classify": 3.2}, prior)
