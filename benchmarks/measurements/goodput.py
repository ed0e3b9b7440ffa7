"""The frames a second and core that are answered in time: 99 of 100 within 150 ms, and none left out.

Clients that each send five frames a second join until that does not hold twice running; what counts is the last crowd
of which it did. Two processes share the clients, one PostgreSQL and the cores, part of which the load generator takes.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass

from ..bench import Bench
from ..load import generator
from ..load.plan import Group, Kind, Tally
from ..results import Row, percentile, readable
from ..servers import Server

TITLE = "Goodput"
IN_TIME_MS = 150
FRAMES_A_SECOND = 5.0
FIRST, MORE, MOST, TRIES = 2, 1.2, 200, 2
"""Clients at first, how many times more come each time, the most of them, and how often each crowd is tried."""


@dataclass(frozen=True, slots=True)
class Served:
    """A crowd of clients and what came of it: answers in time a second, and the 99th percentile."""

    clients: int
    rate: float
    p99_ms: float
    unanswered: int

    @property
    def is_good(self) -> bool:
        """Whether all were answered, and 99 of 100 in time."""
        return self.unanswered == 0 and self.p99_ms <= IN_TIME_MS


def measure(bench: Bench) -> list[Row]:
    """Return the goodput of one process and of two."""
    one, two = _best(bench, 1), _best(bench, 2)
    gain = f"{two.rate / one.rate:.2f} x" if one.rate else "none was answered in time"
    return [_row("One process", one), _row("Two processes", two), Row("Two against one", gain)]


def _row(what: str, served: Served) -> Row:
    of_a_core = readable(served.rate / (os.cpu_count() or 1), "/s")
    note = f" ({readable(served.rate, '/s')} of {served.clients} clients, p99 {readable(served.p99_ms, 'ms')})"
    return Row(f"{what}, answered in time a second and core", of_a_core + note)


def _best(bench: Bench, processes: int) -> Served:
    """Return the last crowd that was served well, or nobody."""
    url = bench.cluster.new_database()
    best = Served(0, 0.0, 0.0, 0)
    with ExitStack() as stack:
        servers = [stack.enter_context(Server(url)) for _ in range(processes)]
        for clients in _crowds():
            tries = (_served(servers, clients, bench.scale.seconds / 3) for _ in range(TRIES))
            served = next((one for one in tries if one.is_good), None)
            if served is None:
                break
            best = served
    return best


def _crowds() -> Iterator[int]:
    clients = float(FIRST)
    while clients <= MOST:
        yield round(clients)
        clients = max(clients + 1, clients * MORE)


def _served(servers: Sequence[Server], clients: int, seconds: float) -> Served:
    """Let the clients loose, divided among the servers."""
    shares = [len(range(clients)[number :: len(servers)]) for number in range(len(servers))]
    with ThreadPoolExecutor(len(servers)) as pool:
        tallies = list(pool.map(lambda server, share: _tally(server, share, seconds), servers, shares))
    latencies = [latency for tally in tallies for latency in tally.latencies_ms]
    in_time = sum(latency <= IN_TIME_MS for latency in latencies)
    unanswered = sum(_left_out(tally) for tally in tallies)
    warm_up = min(1.0, seconds / 4)
    return Served(clients, in_time / (seconds - warm_up), percentile(latencies, 0.99), unanswered)


def _tally(server: Server, clients: int, seconds: float) -> Tally:
    group = Group("clients", Kind.STREAM, clients, FRAMES_A_SECOND)
    return generator.run(server, [group], seconds).tallies["clients"]


def _left_out(tally: Tally) -> int:
    """Return the frames that were not answered, or not even sent since the one before was not, and clients lost."""
    return tally.skipped + tally.sent - tally.count("success") + tally.disconnects + tally.refused
