"""How many rows a second the recorder commits, figures included, in a process as a server's is (on greenlets), and ten
such processes on one PostgreSQL.

Rows are offered whenever fewer than half the buffer wait, and counted in the log when the last one is committed. All
processes record for the same hundred users, so that they add to the same counters.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import psycopg2

from ..bench import Bench
from ..results import Row, judged
from ..servers import ROOT, Server

TITLE = "Recorder"
MANY = 10
USERS = """
INSERT INTO users (username, hashed_password, created_at, updated_at)
    SELECT 'user' || n, '-', now(), now() FROM generate_series(1, 100) n
"""


def measure(bench: Bench) -> list[Row]:
    """Return the rows a second that one process commits, and ten."""
    one, note_of_one = _rate(bench, 1)
    many, note_of_many = _rate(bench, MANY)
    return [
        judged("Rows a second, half of them of a hundred users", one, "/s", 2_000, 10_000, note_of_one),
        judged(f"{MANY} processes at once, all together", many, "/s", 5_000, 10_000, note_of_many),
        judged(f"{MANY} processes against one", many / one, "x", 1.0, 2.0),
    ]


def _rate(bench: Bench, processes: int) -> tuple[float, str]:
    """Return the rows a second of so many processes, and in words what they did."""
    url = bench.cluster.new_database()
    with Server(url, loaded=False) as server:
        _execute(url, USERS)
        started = [_started(server, bench.scale.seconds, number) for number in range(processes)]
        for process in started:
            assert process.stdout is not None
            assert process.stdout.readline() == b"ready\n"
        outcomes = [json.loads(process.communicate()[0]) for process in _told(started)]
    seconds, refused = max(outcome[0] for outcome in outcomes), sum(outcome[2] for outcome in outcomes)
    rows = _execute(url, "SELECT count(*) FROM predictions_log")
    return rows / seconds, f" ({rows:,} rows in {seconds:.1f} s, {refused} refused)"


def _started(server: Server, seconds: float, number: int) -> subprocess.Popen[bytes]:
    folder = Path(server.folder) / f"recorder{number}"
    return subprocess.Popen(
        [sys.executable, "-m", "benchmarks.database.recorder_rate", str(seconds)],
        cwd=ROOT,
        env=server.environment | {"INSTANCE_PATH": str(folder)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )


def _told(started: list[subprocess.Popen[bytes]]) -> list[subprocess.Popen[bytes]]:
    """Have all begin at once."""
    for process in started:
        assert process.stdin is not None
        process.stdin.write(b"\n")
        process.stdin.flush()
    return started


def _execute(url: str, statement: str) -> int:
    """Execute a statement and return its only value, or how many rows it changed."""
    connection = psycopg2.connect(url)
    try:
        with connection, connection.cursor() as cursor:
            cursor.execute(statement)
            return int(cursor.fetchone()[0]) if cursor.description else cursor.rowcount
    finally:
        connection.close()
