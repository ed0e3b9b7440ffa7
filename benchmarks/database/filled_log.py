"""A log of many rows that PostgreSQL makes itself: of the last 365 days, of 1,000 users, in sessions of 300 rows, half
of which belong to one user."""

from __future__ import annotations

import psycopg2

FILL = """
SET synchronous_commit = off;
-- Nor are 30 million references looked up that are right by construction.
SET session_replication_role = replica;
INSERT INTO users (username, hashed_password, created_at, updated_at)
    SELECT 'user' || n, '-', now(), now() FROM generate_series(1, 1000) n;
INSERT INTO model_versions (model_version_tag, model_status, creation_date) VALUES ('v0', 'seen', now());
INSERT INTO sessions (uid, user_id, title, participant, source, status, started_at, ended_at, seen_at, gaps,
                      seconds, frames, people)
    SELECT gen_random_uuid(), (SELECT min(user_id) FROM users) + n % 2 * (1 + n % 999), 'Session ' || n,
           'P-' || n % 50, 'camera', 'ended', moment, moment, moment, '[]', 300, 3000, 1
    FROM generate_series(1::bigint, ({rows} + 299) / 300) n,
         LATERAL (SELECT now() - interval '365 days' * (1 - n * 300 / {rows}.0) AS moment) times;
-- In the order of time, as the ids of version 7 are that the recorder gives.
INSERT INTO predictions_log (uid, emotion_id, confidence, model_id, processing_time_ms, user_id, timestamp, session_id,
                             person, frames, scores, uncertain, offset_ms)
    SELECT lpad(to_hex(n), 32, '0')::uuid, 1 + n % 7, 0.5 + n % 500 / 1000.0,
           (SELECT min(model_id) FROM model_versions), 7, sessions.user_id,
           now() - interval '365 days' * (1 - n / {rows}.0), sessions.session_id, 1, 10,
           '{{0.1,0.1,0.1,0.4,0.1,0.1,0.1}}', false, (n - 1) % 300 * 1000
    FROM generate_series(1::bigint, {rows}) n JOIN sessions ON sessions.session_id = 1 + (n - 1) / 300;
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


def fill(url: str, rows: int) -> None:
    """Make `rows` rows with their counters and sessions; the indexes for reading are made after them, being faster."""
    connection = psycopg2.connect(url)
    connection.autocommit = True
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT indexdef FROM pg_indexes JOIN pg_class ON relname = indexname"
            " WHERE tablename = 'predictions_log' AND indexname LIKE 'ix_%'"
        )
        definitions = [definition for (definition,) in cursor.fetchall()]
        for definition in definitions:
            cursor.execute(f"DROP INDEX {definition.split()[2]}")
        cursor.execute(FILL.format(rows=rows))
        for definition in definitions:
            cursor.execute(definition.replace(" ON ONLY ", " ON "))
        # What autovacuum has done on a server that has been running for a while.
        cursor.execute("VACUUM ANALYZE")
    connection.close()
