"""`GET /health` beside sixteen clients that stream as fast as they are answered: is the hub free?"""

from __future__ import annotations

from ..bench import Bench
from ..load import generator
from ..load.plan import Group, Kind
from ..results import Row, judged, percentile, readable
from ..servers import Server

TITLE = "REST beside streams"


def measure(bench: Bench) -> list[Row]:
    """Return the latency of `/health`, asked twenty times a second."""
    groups = [
        Group("streams", Kind.STREAM, 16),
        Group("health", Kind.GET, 1, rate=20, path="/api/v1/health"),
    ]
    with Server(bench.cluster.new_database()) as server:
        health = generator.run(server, groups, bench.scale.seconds).tallies["health"].latencies_ms
    p50 = readable(percentile(health, 0.5), "ms")
    return [judged("`GET /api/v1/health`, p99", percentile(health, 0.99), "ms", 40, 20, f" (p50 {p50})")]
