"""Retention of the audit log: for ever, or for AUDIT_RETENTION_DAYS."""

from __future__ import annotations

from datetime import datetime, timedelta

from flask import current_app
from sqlalchemy import delete, func, select

from ... import concurrency
from ...database.sessions import AUDIT_LOCK, alone, reading, unhurried, writing
from ...database.types import utc_now
from ...models import AuditAction, AuditEntry, AuditRetention
from . import trail

_AT_ONCE = 5000
_PAUSE_SECONDS = 0.01


def prune_expired() -> int:
    """Delete the rows that are older than AUDIT_RETENTION_DAYS, if that is set, and return how many they were.

    While another process does so there is nothing to do.
    """
    days: int = current_app.config["AUDIT_RETENTION_DAYS"]
    if not days:
        return 0
    with alone(AUDIT_LOCK) as free:
        return prune(utc_now() - timedelta(days=days)) if free else 0


def prune(before: datetime) -> int:
    """Delete the rows from before an instant and return how many they were; a row is left that says so.

    The triggers of the table let rows go that are older than the mark which is set here, and no others.
    """
    mark = min(before, utc_now())
    with writing() as session:
        known = session.get(AuditRetention, 1)
        mark = max(mark, known.pruned_before) if known else mark
        session.merge(AuditRetention(state_id=1, pruned_before=mark))
    count = 0
    while some := _prune_some(mark):
        count += some
        concurrency.sleep(_PAUSE_SECONDS)
    if count:
        trail.note(AuditAction.AUDIT_PRUNED, details={"rows": count, "before": mark.isoformat()})
    return count


def _prune_some(mark: datetime) -> int:
    entry = AuditEntry
    oldest = select(entry.audit_id).where(entry.timestamp < mark).order_by(entry.timestamp).limit(_AT_ONCE)
    with writing() as session:
        unhurried(session.connection())
        return session.connection().execute(delete(entry).where(entry.audit_id.in_(oldest))).rowcount


def count_before(mark: datetime) -> int:
    """Return how many rows there are from before an instant."""
    with reading() as session:
        return session.scalar(select(func.count()).select_from(AuditEntry).where(AuditEntry.timestamp < mark)) or 0
