"""Sixteen clients that each send when answered: how many answers, and what one costs.

The processor seconds are those of all processes of the server; PostgreSQL's and the load generator's are their own. The
answers a second are what is left of the cores beside these two.
"""

from __future__ import annotations

from ..bench import Bench
from ..load import generator
from ..load.plan import Group, Kind
from ..results import Row, judged, percentile, readable
from ..servers import Server
from ..vision import bare

TITLE = "Sixteen clients"
CLIENTS = 16


def measure(bench: Bench) -> list[Row]:
    """Return throughput and cost over Socket.IO, and the throughput of REST."""
    seconds = bench.scale.seconds
    alone = bare.loop(seconds / 2)
    with Server(bench.cluster.new_database()) as server:
        stream = generator.run(server, [Group("sixteen", Kind.STREAM, CLIENTS)], seconds)
        rest = generator.run(server, [Group("sixteen", Kind.REST, CLIENTS)], seconds)
    a_second = stream.answered / seconds
    cost = stream.processor_seconds / max(1, stream.answered)
    latencies = stream.tallies["sixteen"].latencies_ms
    return [
        judged("Socket.IO, answers a second", a_second, "/s", 150, 220),
        judged(
            "Server's processor seconds an answer against the bare loop's",
            cost / alone.processor_seconds,
            "x",
            1.3,
            1.15,
            f" ({readable(cost * 1000, 'ms')} against {readable(alone.processor_seconds * 1000, 'ms')})",
        ),
        Row("Socket.IO, p50 / p99", _both(latencies)),
        Row("REST, answers a second", readable(rest.answered / seconds, "/s")),
        Row("REST, p50 / p99", _both(rest.tallies["sixteen"].latencies_ms)),
    ]


def _both(latencies: list[float]) -> str:
    return f"{readable(percentile(latencies, 0.5), 'ms')} / {readable(percentile(latencies, 0.99), 'ms')}"
