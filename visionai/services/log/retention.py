"""Partitions for the rows to come, and retention: rows that are too old are deleted, their counters stay."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import partial

from flask import current_app
from sqlalchemy import delete, func, select

from ... import concurrency
from ...database import partitions
from ...database.sessions import PRUNING_LOCK, alone, own_counters, own_deletion, unhurried, writing
from ...database.types import UtcDateTime, utc_now
from ...models import AuditAction, LogState, PredictionLog, RecordedSession
from ..audit import trail
from ..audit.trail import Fact
from ..statistics.counters import hour_of
from ..statistics.rebuild import pruned_before

_AT_ONCE = 5000
_PAUSE_SECONDS = 0.01


def keep_partitions_ahead(patience_ms: int = partitions.PATIENCE_MS) -> int:
    """Make the partitions that the next rows go to, by LOG_PARTITION, and return how many were missing.

    Rows of theirs that lie elsewhere move with them, where that takes no longer than `patience_ms`; 0: however long.
    """
    return partitions.keep_ahead(current_app.config["LOG_PARTITION"], patience_ms=patience_ms)


def prune(before: datetime) -> int:
    """Delete the rows from before the hour of `before`, keep their counters, and return how many they were.

    Recorded sessions that ended before it go too. Partitions that hold nothing else are dropped whole, unless somebody
    uses them all the time: then their rows are deleted like those of others, and the next pruning drops them.
    Where anything was deleted the audit log says so.
    """
    mark = hour_of(min(before, utc_now()))
    with writing() as session:
        # Nobody recounts meanwhile: from here on the counters before the mark are all there is.
        own_counters(session.connection())
        earlier = pruned_before(session.connection())
        session.merge(LogState(state_id=1, pruned_before=max(mark, earlier) if earlier else mark))
    sessions = _prune_sessions(mark)
    dropped = partitions.drop_before(mark)
    rows = dropped + sum(iter(partial(_prune_some, mark), 0))
    if rows or sessions:
        facts: dict[str, Fact] = {"rows": rows, "sessions": sessions, "before": mark.isoformat()}
        trail.note(AuditAction.READINGS_PRUNED, details=facts)
    return rows


def _prune_some(mark: datetime) -> int:
    """Delete some of the oldest rows from before `mark`; return how many, 0 where there are none any more.

    Both ends are given, so that PostgreSQL looks into the partition alone in which they lie.
    """
    log = PredictionLog
    concurrency.sleep(_PAUSE_SECONDS)
    with writing() as session:
        connection = session.connection()
        own_deletion(connection)
        first = connection.scalar(select(func.min(log.timestamp, type_=UtcDateTime)).where(log.timestamp < mark))
        if first is None:
            return 0
        some = [log.timestamp >= first, log.timestamp < mark]
        last = connection.scalar(select(log.timestamp).where(*some).order_by(log.timestamp).offset(_AT_ONCE).limit(1))
        return connection.execute(delete(log).where(*some, *([log.timestamp <= last] if last else []))).rowcount


def _prune_sessions(mark: datetime) -> int:
    """Delete recorded sessions that ended before `mark`, with their people and markers; return how many they were."""
    recorded = RecordedSession
    ended = select(recorded.session_id).where(recorded.ended_at < mark).order_by(recorded.session_id).limit(_AT_ONCE)
    pruned = 0
    while True:
        with writing() as session:
            unhurried(session.connection())
            count = session.connection().execute(delete(recorded).where(recorded.session_id.in_(ended))).rowcount
        pruned += count
        if count < _AT_ONCE:
            return pruned
        concurrency.sleep(_PAUSE_SECONDS)


def prune_expired() -> int:
    """Delete the rows that are older than RETENTION_DAYS, if that is set, and return how many they were.

    While another process does so there is nothing to do.
    """
    days: int = current_app.config["RETENTION_DAYS"]
    if not days:
        return 0
    with alone(PRUNING_LOCK) as free:
        return prune(utc_now() - timedelta(days=days)) if free else 0
