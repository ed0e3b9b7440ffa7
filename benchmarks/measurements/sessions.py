"""Recorded sessions: one of an hour and three people (10,800 readings), and the list among 100,000 others.

Each call is asked again and again by one client. The sessions of the list are all of one user; *nowhere* is a text that
none of them holds, so that as many are looked through as a page may.
"""

from __future__ import annotations

import json
import subprocess
import sys
import time
from statistics import median

import requests

from ..bench import Bench
from ..results import Row, judged, percentile, readable
from ..servers import ROOT, Server

TITLE = "Sessions"
CALLS: dict[str, tuple[str, float, float]] = {
    "timeline": ("{uid}/timeline", 50, 20),
    "timeline, 10 s, one person": ("{uid}/timeline?step=10s&person=2", 50, 20),
    "summary": ("{uid}", 50, 20),
    "export, CSV": ("{uid}/export?format=csv", 2000, 1000),
    "list": ("?limit=20", 20, 10),
    "list, a participant": ("?limit=20&participant=P-7", 20, 10),
    "list, a text in titles": ("?limit=20&q=sion+4", 20, 10),
}
UNJUDGED = {"timeline, every second": "{uid}/timeline?step=1s", "list, a text that is nowhere": "?limit=20&q=nowhere"}
DATABASES = ("PostgreSQL", "SQLite")


def measure(bench: Bench) -> list[Row]:
    """Return the latency of each call on both databases."""
    return [row for database in DATABASES for row in _on(database, bench)]


def _on(database: str, bench: Bench) -> list[Row]:
    with Server(bench.cluster.new_database() if database == "PostgreSQL" else "", loaded=False) as server:
        command = [sys.executable, "-m", "benchmarks.database.recorded_sessions"]
        done = subprocess.run(command, cwd=ROOT, env=server.environment, stdout=subprocess.PIPE, check=True)
        filled = json.loads(done.stdout)
        client = requests.Session()
        client.headers["Authorization"] = f"Bearer {filled['token']}"
        rows = []
        for call, (path, reach, beyond) in CALLS.items():
            times = _times(client, server, path.format(**filled), bench.scale.seconds / 5)
            note = f" (p99 {readable(percentile(times, 0.99), 'ms')})"
            rows.append(judged(f"{database}: {call}, p50", median(times), "ms", reach, beyond, note))
        for call, path in UNJUDGED.items():
            times = _times(client, server, path.format(**filled), bench.scale.seconds / 5)
            rows.append(Row(f"{database}: {call}, p50", readable(median(times), "ms")))
    return rows


def _times(client: requests.Session, server: Server, path: str, seconds: float) -> list[float]:
    """Return the milliseconds of as many calls as are made in some seconds, five at least, the first not counted."""
    times: list[float] = []
    separator = "" if path.startswith("?") else "/"
    end = time.monotonic() + seconds
    while time.monotonic() < end or len(times) <= 5:
        begun = time.perf_counter()
        client.get(f"{server.url}/api/v1/sessions{separator}{path}").raise_for_status()
        times.append((time.perf_counter() - begun) * 1000)
    return times[1:]
