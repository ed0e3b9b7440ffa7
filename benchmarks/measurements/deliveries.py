"""Webhooks beside streams: sixteen clients, by turns alone and while 10,000 deliveries an hour go to a receiver on the
same machine. Each delivery is asked for by a call of its own, which is in the figure.
"""

from __future__ import annotations

import time
from functools import partial
from statistics import median

from tests.support.receivers import receiving
from tests.support.waiting import eventually

from .. import rest
from ..bench import Bench
from ..load import generator
from ..load.plan import Group, Kind
from ..results import Row, judged, percentile, readable
from ..servers import Server

TITLE = "Webhooks beside streams"
CLIENTS = 16
AN_HOUR = 10_000
ROUNDS = 3
PATIENCE = 60.0


def measure(bench: Bench) -> list[Row]:
    """Return how much longer the p99 of streams is beside deliveries, in percent, and how many came through."""
    seconds = bench.scale.seconds / ROUNDS
    groups = [Group("streams", Kind.STREAM, CLIENTS)]
    runs: dict[bool, list[list[float]]] = {False: [], True: []}
    asked = 0
    settings = {"WEBHOOK_PRIVATE_TARGETS": "true", "RATE_LIMIT": ""}
    with Server(bench.cluster.new_database(), **settings) as server, receiving() as receiver:
        token = rest.sign_in(server)
        hook = rest.post(server, "/webhooks", {"url": receiver.url, "events": ["session.ended"]}, token)["id"]
        # Alone, beside, beside, alone: what drifts on the machine falls on both alike.
        for beside in (False, True, True, False) * ROUNDS:
            asking = partial(_ask, server, f"/webhooks/{hook}/test", token, seconds) if beside else _nothing
            load = generator.run(server, groups, seconds, meanwhile=asking)
            runs[beside].append(load.tallies["streams"].latencies_ms)
            asked += beside * _count(seconds)
        eventually(lambda: len(set(receiver.ids)) >= asked, PATIENCE)
    return _rows(runs, asked, len(set(receiver.ids)))


def _ask(server: Server, path: str, token: str, seconds: float) -> None:
    """Ask for deliveries at their rate."""
    begin = time.monotonic()
    for number in range(_count(seconds)):
        time.sleep(max(0.0, begin + number * 3600 / AN_HOUR - time.monotonic()))
        rest.post(server, path, {}, token)


def _count(seconds: float) -> int:
    return int(seconds * AN_HOUR / 3600)


def _nothing() -> None:
    pass


def _rows(runs: dict[bool, list[list[float]]], asked: int, came: int) -> list[Row]:
    alone, beside = (_middle(runs[which], 0.99) for which in (False, True))
    note = f" ({readable(beside, 'ms')} against {readable(alone, 'ms')}, medians of {len(runs[True])} runs each)"
    p50 = _middle(runs[True], 0.5) / _middle(runs[False], 0.5)
    return [
        judged("16 streams: p99 beside deliveries, beyond that alone", 100 * (beside / alone - 1), "%", 10, 2, note),
        Row("16 streams: p50 beside deliveries, beyond that alone", readable(100 * (p50 - 1), "%")),
        Row("Deliveries that came, of those asked for", f"{came} of {asked}"),
    ]


def _middle(runs: list[list[float]], share: float) -> float:
    """Return the median over runs of a percentile: one stall of the machine is one run's."""
    return median(percentile(latencies, share) for latencies in runs)
