"""The other mode, `ASYNC_MODE=threading` on gunicorn's gthread, with the same clients."""

from __future__ import annotations

from ..bench import Bench
from ..load import generator
from ..load.plan import Group, Kind
from ..results import Row, percentile, readable
from ..servers import Server

TITLE = "Threads in place of eventlet"


def measure(bench: Bench) -> list[Row]:
    """Return latency and throughput of both modes, one after the other."""
    return [row for mode in ("eventlet", "threading") for row in _rows(bench, mode)]


def _rows(bench: Bench, mode: str) -> list[Row]:
    seconds = bench.scale.seconds / 2
    with Server(bench.cluster.new_database(), ASYNC_MODE=mode) as server:
        one = generator.run(server, [Group("one", Kind.STREAM)], seconds).tallies["one"].latencies_ms
        many = generator.run(server, [Group("many", Kind.STREAM, 16)], seconds)
        memory = server.memory_mb()
    cost = many.processor_seconds / max(1, many.answered)
    return [
        Row(
            f"{mode}: one client, p50 / p99",
            f"{readable(percentile(one, 0.5), 'ms')} / {readable(percentile(one, 0.99), 'ms')}",
        ),
        Row(
            f"{mode}: sixteen clients",
            f"{readable(many.answered / seconds, '/s')}, {readable(cost * 1000, 'ms')} of the server's processors each",
        ),
        Row(f"{mode}: memory afterwards", readable(memory, "MB")),
    ]
