"""The dashboard over a log of very different sizes: rows of the last 365 days of 1,000 users, spread evenly.

Rows and figures are made by PostgreSQL itself; `flask stats rebuild --check` compares them where they are few.
"""

from __future__ import annotations

from dataclasses import dataclass

import psycopg2

from .. import generator
from ..bench import Bench
from ..plan import Group, Kind
from ..results import Row, judged, percentile, readable
from ..servers import Server

TITLE = "Figures"
CALLS = {
    "stats": "/api/v1/dashboard/stats",
    "timeline, 7 days": "/api/v1/dashboard/timeline",
    "timeline, 365 days": "/api/v1/dashboard/timeline?days=365",
    "recent": "/api/v1/dashboard/recent?limit=100",
}
FILL = """
SET synchronous_commit = off;
-- Nor are 30 million references looked up that are right by construction.
SET session_replication_role = replica;
INSERT INTO users (username, hashed_password, created_at, updated_at)
    SELECT 'user' || n, '-', now(), now() FROM generate_series(1, 1000) n;
INSERT INTO model_versions (model_version_tag, model_status, creation_date) VALUES ('v0', 'seen', now());
INSERT INTO predictions_log (uid, emotion_id, confidence, model_id, processing_time_ms, user_id, timestamp)
    SELECT gen_random_uuid(), 1 + n % 7, 0.5 + n % 500 / 1000.0, (SELECT min(model_id) FROM model_versions), 7,
           (SELECT min(user_id) FROM users) + n * 7919 % 1000, now() - interval '365 days' * (1 - n / {rows}.0)
    FROM generate_series(1::bigint, {rows}) n;
INSERT INTO prediction_hourly (user_id, hour, emotion_id, count, confidence_sum, last_timestamp)
    SELECT whose, date_trunc('hour', timestamp, 'UTC'), emotion_id, count(*), sum(confidence), max(timestamp)
    FROM predictions_log, LATERAL (VALUES (0), (user_id)) users (whose) GROUP BY 1, 2, 3;
INSERT INTO prediction_daily (user_id, day, emotion_id, count, confidence_sum, last_timestamp)
    SELECT user_id, date_trunc('day', hour, 'UTC'), emotion_id, sum(count), sum(confidence_sum), max(last_timestamp)
    FROM prediction_hourly GROUP BY 1, 2, 3;
INSERT INTO prediction_totals (user_id, emotion_id, count, confidence_sum, last_timestamp)
    SELECT user_id, emotion_id, sum(count), sum(confidence_sum), max(last_timestamp)
    FROM prediction_daily GROUP BY 1, 2;
"""


@dataclass(frozen=True, slots=True)
class Size:
    """What was measured at one size: p50 and p99 in milliseconds by call."""

    p50: dict[str, float]
    p99: dict[str, float]


def measure(bench: Bench) -> list[Row]:
    """Return each call's latency at many rows, against few."""
    few, many = bench.scale.rows
    small, large = _at(bench, few, check=True), _at(bench, many)
    rows = []
    for call in CALLS:
        ratio = large.p50[call] / small.p50[call]
        slow, quick = readable(large.p50[call], "ms"), readable(small.p50[call], "ms")
        note = f" (p50 {slow} against {quick}; p99 {readable(large.p99[call], 'ms')})"
        rows.append(judged(f"`{call}` at {many:,} rows against {few:,}", ratio, "x", 2.0, 1.2, note))
    slowest = max(large.p50[call] for call in CALLS)
    rows.append(judged(f"The slowest of these at {many:,} rows, p50", slowest, "ms", 20, 10))
    return rows


def _at(bench: Bench, rows: int, check: bool = False) -> Size:
    url = bench.cluster.new_database()
    with Server(url) as server:
        _fill(url, rows)
        if check:
            server.flask("stats", "rebuild", "--check")
        _vacuum(url)
        latencies = {call: _latencies(server, path, bench.scale.seconds / 4) for call, path in CALLS.items()}
    return Size(
        {call: percentile(values, 0.5) for call, values in latencies.items()},
        {call: percentile(values, 0.99) for call, values in latencies.items()},
    )


def _fill(url: str, rows: int) -> None:
    """Make the rows; the indexes for reading are made after them, which is faster."""
    with psycopg2.connect(url) as connection, connection.cursor() as cursor:
        cursor.execute("SELECT indexdef FROM pg_indexes WHERE indexname LIKE 'ix_predictions_log%'")
        definitions = [definition for (definition,) in cursor.fetchall()]
        for definition in definitions:
            cursor.execute(f"DROP INDEX {definition.split()[2]}")
        cursor.execute(FILL.format(rows=rows))
        for definition in definitions:
            cursor.execute(definition)
    connection.close()


def _vacuum(url: str) -> None:
    """Do now what autovacuum does on a server that has been running for a while."""
    connection = psycopg2.connect(url)
    connection.autocommit = True
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
    connection.close()


def _latencies(server: Server, path: str, seconds: float) -> list[float]:
    load = generator.run(server, [Group("calls", Kind.GET, path=path)], seconds, warm_up=0.2)
    return load.tallies["calls"].latencies_ms
