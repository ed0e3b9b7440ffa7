"""One client that sends a frame when the last one was answered, against the bare loop on the same pictures.

The naive way, a REST request for each frame, stands beside the stream. A REST answer waits until its row is committed.
"""

from __future__ import annotations

from ..bench import Bench
from ..load import generator
from ..load.plan import Group, Kind
from ..results import Row, judged, percentile, readable
from ..servers import Server
from ..vision import bare

TITLE = "One client"


def measure(bench: Bench) -> list[Row]:
    """Return the latencies of the bare loop, the stream and REST."""
    seconds = bench.scale.seconds
    alone = bare.loop(seconds / 2)
    with Server(bench.cluster.new_database()) as server:
        stream = _latencies(server, Kind.STREAM, seconds)
        rest = _latencies(server, Kind.REST, seconds)
    p50, p99 = percentile(stream, 0.5), percentile(stream, 0.99)
    return [
        Row("Bare loop, p50 / p99", _both(alone.p50_ms, alone.p99_ms)),
        judged("Socket.IO, send to answer, p50", p50, "ms", alone.p50_ms + 3, alone.p50_ms + 1.5),
        judged("Socket.IO, send to answer, p99", p99, "ms", alone.p99_ms + 15, alone.p99_ms + 8),
        Row("REST, one request a frame, p50 / p99", _both(percentile(rest, 0.5), percentile(rest, 0.99))),
    ]


def _latencies(server: Server, kind: Kind, seconds: float) -> list[float]:
    load = generator.run(server, [Group("one", kind)], seconds)
    return load.tallies["one"].latencies_ms


def _both(p50: float, p99: float) -> str:
    return f"{readable(p50, 'ms')} / {readable(p99, 'ms')}"
