"""Partitions for the rows to come, and retention: rows that are too old are deleted, their counters stay."""

from __future__ import annotations

from datetime import datetime, timedelta

from flask import current_app
from sqlalchemy import delete, select

from ... import concurrency
from ...database import partitions
from ...database.sessions import PRUNING_LOCK, alone, own_counters, unhurried, writing
from ...database.types import utc_now
from ...models import LogState, PredictionLog
from ..statistics.counters import hour_of
from ..statistics.rebuild import pruned_before

_PRUNED_AT_ONCE = 5000


def keep_partitions_ahead(patience_ms: int = partitions.PATIENCE_MS) -> int:
    """Make the partitions that the next rows go to, by LOG_PARTITION, and return how many were missing.

    Rows of theirs that lie elsewhere move with them, where that takes no longer than `patience_ms`; 0: however long.
    """
    return partitions.keep_ahead(current_app.config["LOG_PARTITION"], patience_ms=patience_ms)


def prune(before: datetime) -> int:
    """Delete the rows from before the hour of `before`, keep their counters, and return how many they were."""
    mark = hour_of(min(before, utc_now()))
    with writing() as session:
        # Nobody recounts meanwhile: from here on the counters before the mark are all there is.
        own_counters(session.connection())
        earlier = pruned_before(session.connection())
        session.merge(LogState(state_id=1, pruned_before=max(mark, earlier) if earlier else mark))
    old = select(PredictionLog.predic_id).where(PredictionLog.timestamp < mark).order_by(PredictionLog.timestamp)
    some = delete(PredictionLog).where(PredictionLog.predic_id.in_(old.limit(_PRUNED_AT_ONCE)))
    deleted = 0
    while True:
        with writing() as session:
            unhurried(session.connection())
            count = session.connection().execute(some).rowcount
        deleted += count
        if count < _PRUNED_AT_ONCE:
            return deleted
        concurrency.sleep(0.01)


def prune_expired() -> int:
    """Delete the rows that are older than RETENTION_DAYS, if that is set, and return how many they were.

    While another process does so there is nothing to do.
    """
    days: int = current_app.config["RETENTION_DAYS"]
    if not days:
        return 0
    with alone(PRUNING_LOCK) as free:
        return prune(utc_now() - timedelta(days=days)) if free else 0
