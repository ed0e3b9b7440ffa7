"""The tracker over clips whose identities are known: identity F1, identity switches and what a frame costs."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Mapping, Sequence

from visionai.vision.results import Box, Face
from visionai.vision.tracking import FaceTracker

from . import clips, identity, pasted, scenes
from .bare import analyzer
from .results import Row, judged, percentile, readable

Seen = tuple[float, Mapping[int, Box], Sequence[Face]]
"""The second of a frame, the truth, and what the detector reports."""

IDF1 = (0.9, 0.95)
SWITCHES = (0, 0)
MICROSECONDS = (500, 250)
"""What is to be reached and what would be better yet: in every clip, while people sway, and with sixteen faces."""


def rows(short: bool) -> list[Row]:
    """Return the rows of every clip; `short` leaves out all rates but the first."""
    rates = clips.RATES[:1] if short else clips.RATES
    judgements = [row for scene in scenes.all_scenes() for rate in rates for row in _of_scene(scene, rate)]
    name = f"Two portraits who cross, real detector, {pasted.RATE} /s"
    return [*judgements, _of_clip(name, *_follow(_detected()))]


def _of_scene(scene: clips.Scene, rate: int) -> list[Row]:
    name = f"{scene.name}, {rate} /s"
    moments, times = _follow((frame.at, frame.truth, frame.faces) for frame in clips.clip(scene, rate))
    result = [_of_clip(name, moments, times)]
    if scene.name.endswith("sway"):
        result.append(judged(f"{name}: identity switches", identity.switches(moments), "", *SWITCHES))
    if scene.name.startswith("Sixteen"):
        result.append(judged(f"{name}: p50 a frame", percentile(times, 0.5), "µs", *MICROSECONDS))
    return result


def _of_clip(name: str, moments: Sequence[identity.Moment], times: Sequence[float]) -> Row:
    cost = " / ".join(readable(percentile(times, share), "µs") for share in (0.5, 0.99))
    note = f" ({identity.switches(moments)} identity switches; p50 / p99 a frame {cost})"
    return judged(f"{name}: IDF1", identity.idf1(moments), "", *IDF1, note)


def _follow(seen: Iterable[Seen]) -> tuple[list[identity.Moment], list[float]]:
    """Return what the tracker shows beside the truth, and the microseconds of each frame."""
    tracker, moments, times = FaceTracker(), [], []
    for at, truth, faces in seen:
        begun = time.perf_counter()
        shown = tracker.update(faces, at)
        times.append((time.perf_counter() - begun) * 1e6)
        moments.append((truth, {one.track_id: one.face.box for one in shown}))
    return moments, times


def _detected() -> Iterator[Seen]:
    reader = analyzer()
    for at, truth, jpeg in pasted.crossing():
        yield at, truth, reader.analyze(jpeg, thorough=False).faces
