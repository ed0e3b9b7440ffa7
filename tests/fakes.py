"""Few-line stand-ins for the network, for tests that are not about it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from visionai.vision.results import Analysis, Box, Face

HAPPY = (0.01, 0.0, 0.01, 0.9234, 0.04, 0.01, 0.0066)


def a_face(scores: tuple[float, ...] = HAPPY, box: Box = Box(120, 80, 96, 96)) -> Face:
    return Face(box, detection_confidence=0.98, scores=scores, uncertain=max(scores) < 0.5)


def an_analysis(*faces: Face) -> Analysis:
    return Analysis(faces, 640, 480, "v1.0.0", 7.2, {"decode": 1.0, "detect": 3.0, "classify": 3.2})


class FakeInference:
    """Answers every picture at once with what `answer` returns or raises; one happy face by default."""

    status = "loaded"
    version_tag = "v1.0.0"
    queue_length = 0

    def __init__(self, answer: Callable[[bytes], Analysis] | None = None) -> None:
        self.answer = answer or (lambda data: an_analysis(a_face()))
        self.pictures: list[bytes] = []

    def analyze(self, data: bytes, *, detect: bool = True, near: Sequence[Box] = ()) -> Analysis:
        self.pictures.append(data)
        return self.answer(data)

    def load(self) -> None:
        """Nothing to load."""

    def info(self) -> dict[str, Any]:
        return {"status": "loaded", "model_version_tag": self.version_tag, "input_shape": "(None, 96, 96, 3)"}
