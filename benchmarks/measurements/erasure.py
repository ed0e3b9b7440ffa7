"""A user with many rows over 30 days erases them, while another process commits a row every 10 ms.

Every second row of the log is somebody else's. What is timed is the whole erasure, and each commit beside it. In one
transaction, as it once was, the same took 4.4 s on this machine, and a commit waited for all of that.
"""

from __future__ import annotations

import json
import subprocess
import sys

import psycopg2

from ..bench import Bench
from ..results import Row, judged, percentile, readable
from ..servers import ROOT, Server

TITLE = "Erasure"
FILL = """
SET synchronous_commit = off;
SET session_replication_role = replica;
INSERT INTO users (username, hashed_password, created_at, updated_at)
    SELECT 'user' || n, '-', now(), now() FROM generate_series(1, 2) n;
INSERT INTO model_versions (model_version_tag, model_status, creation_date) VALUES ('v0', 'seen', now());
INSERT INTO predictions_log (uid, emotion_id, confidence, model_id, processing_time_ms, user_id, timestamp)
    SELECT gen_random_uuid(), 1 + n % 7, 0.5 + n % 500 / 1000.0, 1, 7, 1 + n % 2,
           now() - interval '30 days' * (1 - n / {rows}.0)
    FROM generate_series(1, {rows}) n;
"""


def measure(bench: Bench) -> list[Row]:
    """Return how long the erasure took, and the longest that a commit took beside it and before."""
    rows = bench.scale.rows[1] // 10
    url = bench.cluster.new_database()
    with Server(url, loaded=False) as server:
        _execute(url, FILL.format(rows=2 * rows))
        server.flask("stats", "rebuild")
        _execute(url, "VACUUM ANALYZE")
        alone, _ = _committed_while(server, ["-c", f"import time; time.sleep({bench.scale.seconds / 3})"])
        beside, told = _committed_while(server, ["-m", "benchmarks.database.erasing", "erase", "2"])
        server.flask("stats", "rebuild", "--check")
    seconds, note = float(told), f" (p99 {readable(percentile(beside, 0.99), 'ms')}; of {len(beside):,})"
    usual = f"longest {readable(max(alone), 'ms')}, p99 {readable(percentile(alone, 0.99), 'ms')}"
    return [
        judged(f"Erasing {rows:,} rows of {2 * rows:,}", seconds, "s", 120, 60),
        judged("The longest commit of a recorder meanwhile", max(beside), "ms", 1000, 250, note),
        Row("The same without an erasure", usual),
    ]


def _committed_while(server: Server, words: list[str]) -> tuple[list[float], str]:
    """Return the milliseconds of each commit while another program ran, and what that printed."""
    command = [sys.executable, "-m", "benchmarks.database.erasing", "record"]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, cwd=ROOT, env=server.environment, stdin=pipe, stdout=pipe) as recorder:
        assert recorder.stdout is not None
        assert recorder.stdout.readline() == b"ready\n"
        done = subprocess.run([sys.executable, *words], cwd=ROOT, env=server.environment, stdout=pipe, check=True)
        took, _ = recorder.communicate(b"\n")
    return json.loads(took), done.stdout.decode()


def _execute(url: str, statements: str) -> None:
    connection = psycopg2.connect(url)
    connection.autocommit = True
    with connection.cursor() as cursor:
        cursor.execute(statements)
    connection.close()
