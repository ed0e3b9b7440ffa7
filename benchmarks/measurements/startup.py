"""From the command to the first answer, and what an idle server takes."""

from __future__ import annotations

import time
from urllib.request import Request, urlopen

from ..bench import Bench
from ..results import Row, judged, readable
from ..servers import Server
from ..vision import frames

TITLE = "Start"


def measure(bench: Bench) -> list[Row]:
    """Return the time to the first answer, the first prediction and the next one, and the memory."""
    with Server(bench.cluster.new_database(), loaded=False) as server:
        asleep = server.memory_mb()
        first, second = _predict(server), _predict(server)
        awake = server.memory_mb()
    return [
        judged("`gunicorn` to the first answer", server.start_seconds, "s", 2.0, 2.0),
        Row("First prediction, which loads the network; the next one", f"{first:,.0f} ms; {second:,.0f} ms"),
        Row("Memory before and after loading", f"{readable(asleep, 'MB')}; {readable(awake, 'MB')}"),
    ]


def _predict(server: Server) -> float:
    """Return the milliseconds of a prediction over REST."""
    body, headers = frames.moving_face()[0], {"Content-Type": "image/jpeg"}
    begun = time.perf_counter()
    with urlopen(Request(f"{server.url}/api/v1/predict", body, headers), timeout=30):
        return (time.perf_counter() - begun) * 1000
