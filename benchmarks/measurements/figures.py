"""The dashboard and the list of sessions over logs of three sizes, and what follows for a hundred million rows: rows of
the last 365 days of 1,000 users, spread evenly, in sessions of 300 rows, half of which belong to one user.

Rows and figures are made by PostgreSQL itself; `flask stats rebuild --check` compares them in a quick run. The
three are measured in turns; what follows for a hundred million is the straight line through them, and no less than the
slowest of them. Under a call, how PostgreSQL finds what it asks for at the largest size.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass

import numpy as np
import requests

from ..bench import Bench
from ..database import filled_log
from ..load import generator
from ..load.plan import Group, Kind
from ..results import Row, judged, percentile, readable
from ..servers import ROOT, Server

TITLE = "Figures"
ROOT_OF_CALLS = "/api/v1"
CALLS = {
    "stats": "/dashboard/stats",
    "timeline, 7 days": "/dashboard/timeline",
    "timeline, 365 days": "/dashboard/timeline?days=365",
    "recent": "/dashboard/recent?limit=100",
    "list of sessions": "/sessions?limit=20",
    "list of sessions, a participant": "/sessions?limit=20&participant=P-7",
}
FAR = 100_000_000
TURNS = 3
FEW = 10_000
NAME, PASSWORD = "researcher", "a password of a benchmark"


@dataclass(frozen=True, slots=True)
class Log:
    """A filled log of so many rows, the server on it and the token of a user with half of the sessions."""

    rows: int
    server: Server
    token: str


def measure(bench: Bench) -> list[Row]:
    """Return each call's latency at three sizes, measured in turns, and projected."""
    with ExitStack() as stack:
        logs = [stack.enter_context(_filled(bench, rows)) for rows in bench.scale.rows]
        scans = _scans(logs[-1])
        return [row for call, path in CALLS.items() for row in _rows(call, path, logs, bench, scans[call])]


@contextmanager
def _filled(bench: Bench, rows: int) -> Iterator[Log]:
    """Yield a server on a log of so many rows; few of them are compared with their counters."""
    url = bench.cluster.new_database()
    with Server(url, loaded=False) as server:
        token = _token(server)
        filled_log.fill(url, rows)
        if rows <= FEW:
            server.flask("stats", "rebuild", "--check")
        yield Log(rows, server, token)


def _rows(call: str, path: str, logs: list[Log], bench: Bench, scans: list[str]) -> list[Row]:
    latencies: list[list[float]] = [[] for _ in logs]
    for _ in range(TURNS):
        for log, times in zip(logs, latencies, strict=True):
            times.extend(_latencies(log, path, bench.scale.seconds / 4 / TURNS))
    p50s = [percentile(times, 0.5) for times in latencies]
    measured = ", ".join(f"{readable(p50, 'ms')} at {log.rows:,}" for p50, log in zip(p50s, logs, strict=True))
    note = f" ({measured}, p99 {readable(percentile(latencies[-1], 0.99), 'ms')})"
    projected = _projected([log.rows for log in logs], p50s)
    return [
        judged(f"`{call}` at {FAR:,} rows, p50, projected", projected, "ms", 20, 10, note),
        Row(f"`{call}` reads", "; ".join(scans)),
    ]


def _projected(rows: list[int], p50s: list[float]) -> float:
    """Return the milliseconds at FAR rows by the straight line through what was measured, and no less than that."""
    slope, start = np.polyfit(rows, p50s, 1)
    return max(float(start + slope * FAR), *p50s)


def _token(server: Server) -> str:
    """Return the token of a user who is made."""
    account = {"username": NAME, "password": PASSWORD}
    for call in ("register", "login"):
        answer = requests.post(f"{server.url}{ROOT_OF_CALLS}/auth/{call}", json=account, timeout=30)
        answer.raise_for_status()
    token: str = answer.json()["access_token"]
    return token


def _latencies(log: Log, path: str, seconds: float) -> list[float]:
    group = Group("calls", Kind.GET, path=ROOT_OF_CALLS + path, token=log.token)
    return generator.run(log.server, [group], seconds, warm_up=0.2).tallies["calls"].latencies_ms


def _scans(log: Log) -> dict[str, list[str]]:
    paths = [ROOT_OF_CALLS + path for path in CALLS.values()]
    command = [sys.executable, "-m", "benchmarks.database.query_plans", log.token, *paths]
    done = subprocess.run(command, cwd=ROOT, env=log.server.environment, stdout=subprocess.PIPE, check=True)
    return dict(zip(CALLS, json.loads(done.stdout).values(), strict=True))
