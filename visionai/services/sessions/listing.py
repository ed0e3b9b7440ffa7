"""Keyset pagination over recorded sessions, the newest first."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, or_, select, tuple_

from ...database.sessions import browsing
from ...models import RecordedSession, User
from ..log.cursors import cursor_of, place_of


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which sessions are listed; None lets all through.

    `text` is looked for in title and participant, whatever the case; `participant` is all of it. `since` is
    inclusive, `until` exclusive, of the instant at which a session started.
    """

    user_id: int | None = None
    text: str | None = None
    participant: str | None = None
    since: datetime | None = None
    until: datetime | None = None

    def conditions(self) -> list[ColumnElement[bool]]:
        """Return what a session must fulfil, but for the text."""
        recorded = RecordedSession
        conditions: list[ColumnElement[bool]] = []
        if self.user_id is not None:
            conditions.append(recorded.user_id == self.user_id)
        if self.participant is not None:
            conditions.append(recorded.participant == self.participant)
        if self.since is not None:
            conditions.append(recorded.started_at >= self.since)
        if self.until is not None:
            conditions.append(recorded.started_at < self.until)
        return conditions


@dataclass(frozen=True, slots=True)
class ListedSession:
    """A session in a list; `user` is null where it belongs to a receipt."""

    uid: UUID
    user: str | None
    title: str | None
    participant: str | None
    source: str
    status: str
    started_at: datetime
    ended_at: datetime | None
    seconds: int
    frames: int
    people_count: int


@dataclass(frozen=True, slots=True)
class SessionsPage:
    """Some sessions, the newest first, and where the next page begins, if there is one."""

    sessions: list[ListedSession]
    next_cursor: str | None


SEARCHED = 10_000
"""How many sessions one page looks through for a text: no index helps, and all of a large table take too long."""


def sessions_page(wanted: Wanted, limit: int, cursor: str | None) -> SessionsPage:
    """Return at most `limit` sessions by (start, id), newest first; raises ValidationFailed for a strange cursor.

    With a text, a page looks through SEARCHED sessions and may be short, or empty, though there is a next one.
    """
    recorded = RecordedSession
    conditions = wanted.conditions()
    if cursor is not None:
        conditions.append(tuple_(recorded.started_at, recorded.session_id) < tuple_(*place_of(cursor)))
    newest = (recorded.started_at.desc(), recorded.session_id.desc())
    with browsing() as session:
        last: Any = None
        if wanted.text is not None:
            places = select(recorded.started_at, recorded.session_id).where(*conditions).order_by(*newest)
            last = session.execute(places.offset(SEARCHED - 1).limit(1)).first()
            conditions.append(_holds(wanted.text))
        if last is not None:
            conditions.append(tuple_(recorded.started_at, recorded.session_id) >= tuple_(*last))
        rows = session.execute(listed().where(*conditions).order_by(*newest).limit(limit + 1)).all()
    shown = rows[:limit]
    if len(rows) > limit:
        last = (shown[-1].started_at, shown[-1].session_id)
    return SessionsPage([ListedSession(*row[1:]) for row in shown], cursor_of(*last) if last else None)


def listed() -> Any:
    """Return a query for the id of sessions and what `ListedSession` has of them."""
    recorded = RecordedSession
    return (
        select(
            recorded.session_id,
            recorded.uid,
            User.username,
            recorded.title,
            recorded.participant,
            recorded.source,
            recorded.status,
            recorded.started_at,
            recorded.ended_at,
            recorded.seconds,
            recorded.frames,
            recorded.people,
        )
    ).outerjoin(User, User.user_id == recorded.user_id)


def _holds(text: str) -> ColumnElement[bool]:
    """Return whether title or participant holds a text, whatever its case.

    SQLite, and PostgreSQL without a locale, fold the case of ASCII alone, so that others are looked for in their usual
    cases too.
    """
    spellings = {text} if text.isascii() else {text, text.lower(), text.upper(), text.capitalize()}
    columns = (RecordedSession.title, RecordedSession.participant)
    return or_(*(column.icontains(spelling, autoescape=True) for column in columns for spelling in sorted(spellings)))
