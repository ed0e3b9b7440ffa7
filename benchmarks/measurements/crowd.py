"""Many clients that each send a frame now and then, as pages that are looked at do."""

from __future__ import annotations

from ..bench import Bench
from ..load import generator
from ..load.plan import Group, Kind, Tally
from ..results import Row, judged, percentile, readable
from ..servers import Server

TITLE = "A crowd"


def measure(bench: Bench) -> list[Row]:
    """Return how a crowd is served at the rate to reach and at the one beyond it."""
    seconds = bench.scale.seconds * 2
    rows = []
    with Server(bench.cluster.new_database()) as server:
        for rate in (0.15, 0.2):
            group = Group("crowd", Kind.STREAM, bench.scale.crowd, rate)
            tally = generator.run(server, [group], seconds, warm_up=2.0).tallies["crowd"]
            rows += _rows(f"{bench.scale.crowd:,} clients, {rate} frames a second each", tally)
    return rows


def _rows(what: str, tally: Tally) -> list[Row]:
    unanswered = tally.sent - tally.count("success")
    lost = tally.disconnects + tally.refused
    p99 = percentile(tally.latencies_ms, 0.99)
    p50 = readable(percentile(tally.latencies_ms, 0.5), "ms")
    return [
        judged(f"{what}: p99", p99, "ms", 150, 150, f" (p50 {p50}, {tally.sent:,} frames)"),
        judged(f"{what}: not answered with a face", unanswered, "", 0, 0),
        judged(f"{what}: disconnects", lost, "", 0, 0),
    ]
