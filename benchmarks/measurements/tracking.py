"""A moving face, followed (looked for near its last box) against searched for in every whole frame.

Then clips of several people: detections with a detector's noise (`benchmarks/tracking/clips.py`) whose identities are
known, at twenty seeds that no constant of the tracker was chosen by; one clip is in pixels. IDF1 is the identity F1 of
Ristani et al. 2016; missed and false faces cost it too, so that 0.95 is about the most there is. Faces that cross are
told apart by where they were going and by their size. What was left on the seeds that the constants were chosen by:
faces missed at once beside one that is not there, two such in one neighbourhood, and one where somebody has just left,
whose number then waits longer. At 5 frames a second a clip in 150 of two who sway is one of the first.
"""

from __future__ import annotations

import time
from collections.abc import Callable

from visionai.vision.analyzer import Analyzer
from visionai.vision.results import Analysis, Box
from visionai.vision.tracking.tracker import FaceTracker

from ..bench import FULL, Bench
from ..results import Row, percentile, readable
from ..tracking import following
from ..vision import bare, frames

TITLE = "Tracking"
FRAMES_A_SECOND = 15
OVERLAP = 0.5
"""Intersection over union from which two boxes are taken to be the same face."""


def measure(bench: Bench) -> list[Row]:
    """Return time a frame and rightness of both ways, frame by frame on the same pictures."""
    analyzer = bare.analyzer()
    rounds = max(1, round(bench.scale.seconds / 4))
    steps = list(range(frames.STEPS)) * rounds
    searched, full_ms = _run(steps, lambda data, _: analyzer.analyze(data))
    tracker = FaceTracker()
    followed, near_ms = _run(steps, lambda data, now: _follow(analyzer, tracker, data, now))
    same = sum(map(_same, searched, followed)) / len(steps)
    return [
        Row("Full search, p50 / p99 a frame", _both(full_ms)),
        Row("Followed, p50 / p99 a frame", _both(near_ms)),
        Row("Followed: same face and expression as the full search", f"{100 * same:.1f} % of {len(steps):,} frames"),
        Row(
            "Face within its true place, searched / followed", f"{_right(searched, steps)} / {_right(followed, steps)}"
        ),
        *following.rows(short=bench.scale.seconds < FULL.seconds),
    ]


def _run(steps: list[int], read: Callable[[bytes, float], Analysis]) -> tuple[list[Analysis], list[float]]:
    pictures, analyses, times = frames.moving_face(), [], []
    for number, step in enumerate(steps):
        begun = time.perf_counter()
        analyses.append(read(pictures[step], number / FRAMES_A_SECOND))
        times.append((time.perf_counter() - begun) * 1000)
    return analyses, times


def _follow(analyzer: Analyzer, tracker: FaceTracker, data: bytes, now: float) -> Analysis:
    analysis = analyzer.analyze(data, near=tracker.near(now))
    tracker.update(analysis.faces, now)
    return analysis


def _same(one: Analysis, other: Analysis) -> bool:
    if len(one.faces) != len(other.faces) or one.largest is None or other.largest is None:
        return False
    return one.largest.emotion == other.largest.emotion and _overlap(one.largest.box, other.largest.box) >= OVERLAP


def _right(analyses: list[Analysis], steps: list[int]) -> str:
    """Return in what share of the frames there is one face, with the true middle in its box."""
    right = sum(
        len(analysis.faces) == 1 and _holds(analysis.faces[0].box, *frames.offset(step))
        for analysis, step in zip(analyses, steps, strict=True)
    )
    return f"{100 * right / len(steps):.1f} %"


def _holds(box: Box, x: int, y: int) -> bool:
    return box.x <= x <= box.x + box.width and box.y <= y <= box.y + box.height


def _overlap(one: Box, other: Box) -> float:
    width = min(one.x + one.width, other.x + other.width) - max(one.x, other.x)
    height = min(one.y + one.height, other.y + other.height) - max(one.y, other.y)
    common = max(0, width) * max(0, height)
    return common / (one.area + other.area - common)


def _both(times: list[float]) -> str:
    return f"{readable(percentile(times, 0.5), 'ms')} / {readable(percentile(times, 0.99), 'ms')}"
