"""Retention as administrators see it: what is kept for how long, and what would be deleted."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from flask import current_app
from sqlalchemy import func, select

from ...database.sessions import browsing
from ...database.types import utc_now
from ...models import AuditEntry, PredictionLog, RecordedSession
from ..statistics.counters import hour_of

MOST_COUNTED = 100_000
"""How many rows are counted at the most: of more it is enough to know that."""


@dataclass(frozen=True, slots=True)
class Rule:
    """How long something is kept; `days` 0 is for ever. `rows` are counted up to MOST_COUNTED."""

    days: int
    before: datetime | None
    rows: int


@dataclass(frozen=True, slots=True)
class Retention:
    """What the next pruning deletes of the log, of recorded sessions and of the audit log."""

    predictions: Rule
    sessions: Rule
    audit: Rule


def retention(days: int | None) -> Retention:
    """Return the rules of the settings and what they would delete now, or what `days` in their place would."""
    of_log: int = current_app.config["RETENTION_DAYS"] if days is None else days
    of_audit: int = current_app.config["AUDIT_RETENTION_DAYS"] if days is None else days
    now = utc_now()
    return Retention(
        _rule(of_log, hour_of(now - timedelta(days=of_log)), PredictionLog.timestamp),
        _rule(of_log, hour_of(now - timedelta(days=of_log)), RecordedSession.ended_at),
        _rule(of_audit, now - timedelta(days=of_audit), AuditEntry.timestamp),
    )


def _rule(days: int, before: datetime, column: object) -> Rule:
    if not days:
        return Rule(0, None, 0)
    some = select(column).where(column < before).limit(MOST_COUNTED).subquery()  # type: ignore[call-overload, operator]
    with browsing() as session:
        return Rule(days, before, session.scalar(select(func.count()).select_from(some)) or 0)
