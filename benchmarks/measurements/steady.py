"""Memory after many frames against after few: does anything stay behind?"""

from __future__ import annotations

import time

from ..bench import Bench
from ..load import generator
from ..load.plan import Group, Kind
from ..results import Row, judged, readable
from ..servers import Server

TITLE = "Memory over time"
CLIENTS = 8
MOST_SECONDS = 400.0
SETTLE_SECONDS = 2.0


def measure(bench: Bench) -> list[Row]:
    """Return how the memory of all server processes grew between the two numbers of frames."""
    few, many = bench.scale.frames
    with Server(bench.cluster.new_database()) as server:
        after_few = _after(server, few)
        after_many = _after(server, many - few)
    growth = 100 * (after_many / after_few - 1)
    note = f" ({readable(after_few, 'MB')}, then {readable(after_many, 'MB')})"
    return [judged(f"After {many:,} frames against after {few:,}", growth, "%", 3, 1, note)]


def _after(server: Server, frames: int) -> float:
    group = Group("steady", Kind.STREAM, CLIENTS, frames=frames // CLIENTS)
    generator.run(server, [group], MOST_SECONDS)
    time.sleep(SETTLE_SECONDS)
    return server.memory_mb()
