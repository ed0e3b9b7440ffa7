"""Keyset pagination over the audit log, the newest first."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, false, select, tuple_

from ...database.sessions import browsing
from ...models import ActorKind, AuditAction, AuditEntry
from ..accounts import accounts
from ..log.cursors import cursor_of, place_of


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which rows are listed; None lets all through.

    `actor` is a user name or a kind of actor but “user”. `since` is inclusive, `until` exclusive.
    """

    actor: str | None = None
    action: AuditAction | None = None
    since: datetime | None = None
    until: datetime | None = None

    def conditions(self) -> list[ColumnElement[bool]]:
        """Return what a row must fulfil."""
        entry = AuditEntry
        conditions: list[ColumnElement[bool]] = []
        if self.actor is not None:
            conditions.append(_by(self.actor))
        if self.action is not None:
            conditions.append(entry.action == self.action)
        if self.since is not None:
            conditions.append(entry.timestamp >= self.since)
        if self.until is not None:
            conditions.append(entry.timestamp < self.until)
        return conditions


@dataclass(frozen=True, slots=True)
class AuditPage:
    """Some rows, the newest first, and where the next page begins, if there is one."""

    entries: list[AuditEntry]
    next_cursor: str | None


def audit_page(wanted: Wanted, limit: int, cursor: str | None = None) -> AuditPage:
    """Return at most `limit` rows by (timestamp, id), newest first; raises ValidationFailed for a strange cursor."""
    entry = AuditEntry
    query = select(entry).where(*wanted.conditions())
    if cursor is not None:
        query = query.where(tuple_(entry.timestamp, entry.audit_id) < tuple_(*place_of(cursor)))
    with browsing() as session:
        newest = query.order_by(entry.timestamp.desc(), entry.audit_id.desc())
        rows = list(session.scalars(newest.limit(limit + 1)))
    shown = rows[:limit]
    more = cursor_of(shown[-1].timestamp, shown[-1].audit_id) if len(rows) > limit else None
    return AuditPage(shown, more)


def _by(actor: str) -> ColumnElement[bool]:
    """Return whether a row is of an actor: a kind but “user”, or a user, who is looked up so that an index helps."""
    if actor in (ActorKind.COMMAND_LINE, ActorKind.SERVER, ActorKind.NOBODY):
        return AuditEntry.actor == actor
    account = accounts.user_named(actor)
    return AuditEntry.actor_id == account.user_id if account else false()
