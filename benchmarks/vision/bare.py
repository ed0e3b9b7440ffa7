"""The bare loop: decode, find and read a frame, one after another in one thread, with nothing around it.

`python -m benchmarks.vision.bare SECONDS` is a process of its own; `loop` starts it and reads what it says.
"""

from __future__ import annotations

import json
import subprocess
import sys
import time
from dataclasses import asdict, dataclass
from itertools import cycle

import config as configuration
from visionai.vision.analyzer import Analyzer, open_analyzer

from ..results import percentile
from ..servers import ROOT
from . import frames

WARM_UP_FRAMES = 40


@dataclass(frozen=True, slots=True)
class Bare:
    """Milliseconds a frame, and processor seconds a frame, of the bare loop."""

    p50_ms: float
    p99_ms: float
    processor_seconds: float
    frames: int


def loop(seconds: float) -> Bare:
    """Run the bare loop for `seconds` in a process of its own."""
    command = [sys.executable, "-m", "benchmarks.vision.bare", str(seconds)]
    done = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, check=True)
    return Bare(**json.loads(done.stdout))


def analyzer() -> Analyzer:
    """Return an analyzer for one thread, as the settings' defaults make it."""
    settings = configuration.Config({"SECRET_KEY": "a secret of benchmarks and of nothing else"})
    return open_analyzer(
        settings.MODEL_PATH,
        settings.MODEL_RUNTIME,
        settings.INFERENCE_PRECISION,
        threads=1,
        cache_dir=settings.INSTANCE_PATH,
    ).analyzer()


def _measured(seconds: float) -> Bare:
    reader = analyzer()
    pictures = cycle(frames.moving_face())
    for _ in range(WARM_UP_FRAMES):
        reader.analyze(next(pictures))
    times: list[float] = []
    processor, end = time.process_time(), time.perf_counter() + seconds
    while (begun := time.perf_counter()) < end:
        reader.analyze(next(pictures))
        times.append((time.perf_counter() - begun) * 1000)
    processor = time.process_time() - processor
    return Bare(percentile(times, 0.5), percentile(times, 0.99), processor / len(times), len(times))


if __name__ == "__main__":
    print(json.dumps(asdict(_measured(float(sys.argv[1])))))
