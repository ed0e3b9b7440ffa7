"""The tracker over clips whose identities are known: identity F1, identity switches and what a frame costs.

Every scene is played at twenty seeds that no constant was chosen by.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from statistics import median

from visionai.vision.results import Box, Face
from visionai.vision.tracking.tracker import FaceTracker

from ..results import Row, judged, percentile, readable
from ..vision.bare import analyzer
from . import clips, identity, pasted, scenes

Seen = tuple[float, Mapping[int, Box], Sequence[Face]]
"""The second of a frame, the truth, and what the detector reports."""

HELD_OUT = range(1001, 1021)
"""The seeds that are measured. No constant was chosen by them; that was done on 1 to 20 and 101 to 180."""

IDF1 = (0.9, 0.95)
SWITCHES = {"Two": (0, 0), "Five": (2, 0)}
MICROSECONDS = (500, 250)
"""What is to be reached and what would be better yet: in the median, while people sway, and with sixteen faces."""


@dataclass(frozen=True, slots=True)
class Run:
    """What came of a scene at one seed; `times` are the microseconds of each frame."""

    idf1: float
    switches: int
    times: Sequence[float]


def rows(short: bool) -> list[Row]:
    """Return the rows of every clip; `short` leaves out all rates but the first and all seeds but two."""
    rates, seeds = (clips.RATES[:1], HELD_OUT[:2]) if short else (clips.RATES, HELD_OUT)
    drawn = [scenes.all_scenes(seed) for seed in seeds]
    judgements = [
        row
        for same in zip(*drawn, strict=True)
        for rate in rates
        for row in _of_scene(
            f"{same[0].name}, {rate} /s", [_run(*pair, rate) for pair in zip(same, seeds, strict=True)]
        )
    ]
    name = f"Two portraits who cross, real detector, {pasted.RATE} /s"
    return [*judgements, _of_runs(name, [_judged(*_follow(_detected()))])]


def _run(scene: clips.Scene, seed: int, rate: int) -> Run:
    seen = clips.clip(scene, rate, seed=seed)
    return _judged(*_follow((frame.at, frame.truth, frame.faces) for frame in seen))


def _judged(moments: Sequence[identity.Moment], times: Sequence[float]) -> Run:
    return Run(identity.idf1(moments), identity.switches(moments), times)


def _of_scene(name: str, runs: Sequence[Run]) -> list[Row]:
    result = [_of_runs(name, runs)]
    if "sway" in name:
        most = max(run.switches for run in runs)
        marks = SWITCHES[name.split(maxsplit=1)[0]]
        result.append(judged(f"{name}: identity switches of the worst clip", most, "", *marks))
    if name.startswith("Sixteen"):
        middle = percentile([microseconds for run in runs for microseconds in run.times], 0.5)
        result.append(judged(f"{name}: p50 a frame", middle, "µs", *MICROSECONDS))
    return result


def _of_runs(name: str, runs: Sequence[Run]) -> Row:
    values = [run.idf1 for run in runs]
    times = [microseconds for run in runs for microseconds in run.times]
    cost = " / ".join(readable(percentile(times, share), "µs") for share in (0.5, 0.99))
    note = (
        f" (worst {readable(min(values), '')}; {sum(run.switches for run in runs)} identity switches"
        f" in {len(runs)} clips; p50 / p99 a frame {cost})"
    )
    return judged(f"{name}: IDF1, median", median(values), "", *IDF1, note)


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
