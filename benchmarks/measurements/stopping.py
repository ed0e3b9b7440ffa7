"""From SIGTERM to the end of the process, with 200 clients, half of them over Socket.IO and half over `/ws`, who record
and have a frame under way each."""

from __future__ import annotations

import time
from statistics import median

from tests.support.crowd import answered, gathered

from ..bench import Bench
from ..results import Row, judged
from ..servers import Server
from ..vision import frames

TITLE = "Stop"
CLIENTS, TIMES = 200, 3


def measure(bench: Bench) -> list[Row]:
    """Return the seconds from the signal to the end, and the frames that nobody answered."""
    measured = [_stop(bench) for _ in range(TIMES)]
    seconds, unanswered, busy = ([one[number] for one in measured] for number in range(3))
    note = f" (longest {max(seconds):.1f} s, {sum(busy):,} of {CLIENTS * TIMES:,} frames answered `busy`)"
    return [
        judged(f"SIGTERM to the end, {CLIENTS} clients", median(seconds), "s", 10, 5, note),
        judged("Frames that got no answer", sum(unanswered), "", 0, 0),
    ]


def _stop(bench: Bench) -> tuple[float, int, int]:
    with Server(bench.cluster.new_database(), INFERENCE_QUEUE=str(CLIENTS)) as server:
        clients = gathered(server.url.replace("http", "ws"), CLIENTS)
        image = frames.moving_face()[0]
        for client in clients:
            client.send(image)
        begun = time.perf_counter()
        server.terminate()
        answers, statuses, _ = answered(clients)
        server.wait()
        return time.perf_counter() - begun, answers.count(0), statuses["busy"]
