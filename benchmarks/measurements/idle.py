"""Clients that are connected and send nothing, the network loaded: what they take of the memory."""

from __future__ import annotations

from ..bench import Bench
from ..load import generator
from ..load.plan import Group, Kind
from ..results import Row, judged, readable
from ..servers import Server

TITLE = "Idle clients"


def measure(bench: Bench) -> list[Row]:
    """Return the memory of all server processes without and with the clients."""
    taken: list[float] = []
    with Server(bench.cluster.new_database()) as server:
        before = server.memory_mb()
        group = Group("idle", Kind.STREAM, bench.scale.idle, frames=0)
        load = generator.run(
            server, [group], bench.scale.seconds / 2, meanwhile=lambda: taken.append(server.memory_mb())
        )
    lost = load.tallies["idle"].disconnects + load.tallies["idle"].refused
    each = (taken[0] - before) * 1000 / bench.scale.idle
    return [
        Row("Network loaded, no client", readable(before, "MB")),
        judged(
            f"{bench.scale.idle:,} connected", taken[0], "MB", 280, 250, f" ({readable(each, 'KB')} each, {lost} lost)"
        ),
    ]
