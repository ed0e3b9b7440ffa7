"""The history of a user: recorded sessions, and between them the pictures read alone, the newest first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select, tuple_
from sqlalchemy.orm import Session

from ...database.sessions import browsing
from ...models import PredictionLog, RecordedSession
from ...vision.emotions import Emotion
from ..log.cursors import cursor_of, place_of
from .listing import ListedSession, Wanted, listed

SEARCHED = 20_000
"""How many rows one page looks through for pictures: those of sessions, which it passes over, may be many."""

_Place = tuple[datetime, int]
"""Where a row stands among those of its table: its instant and id."""


@dataclass(frozen=True, slots=True)
class Picture:
    """A reading of a picture, or of calls that belong to no session; `uncertain` is null where that was not kept."""

    id: int
    timestamp: datetime
    emotion: str
    confidence: float
    uncertain: bool | None


@dataclass(frozen=True, slots=True)
class _Placed:
    place: _Place
    entry: ListedSession | Picture


@dataclass(frozen=True, slots=True)
class HistoryPage:
    """Some entries, the newest first, and where the next page begins, if there is one."""

    entries: list[ListedSession | Picture]
    next_cursor: str | None


def history_page(user_id: int, limit: int, cursor: str | None) -> HistoryPage:
    """Return at most `limit` entries of a user by their instant; raises ValidationFailed for a strange cursor.

    A page looks through SEARCHED rows: it may be short, or empty, though there is a next one.
    """
    after_session, after_picture = _places(cursor)
    with browsing() as session:
        horizon = _horizon(session, user_id, after_picture)
        pictures = _pictures(session, user_id, limit + 1, after_picture, horizon)
        sessions = _sessions(session, user_id, limit + 1, after_session, horizon)
    found = sorted([*sessions, *pictures], key=lambda placed: placed.place[0], reverse=True)
    shown, more = found[:limit], len(found) > limit
    entries = [placed.entry for placed in shown]
    if not more and horizon is None:
        return HistoryPage(entries, None)
    last_session = _last(shown, ListedSession) or after_session
    last_picture = _last(shown, Picture) or after_picture if more else horizon
    return HistoryPage(entries, _cursor(last_session, last_picture))


def _last(shown: Sequence[_Placed], kind: type) -> _Place | None:
    """Return the place of the last entry of a kind."""
    return next((placed.place for placed in reversed(shown) if isinstance(placed.entry, kind)), None)


def _horizon(session: Session, user_id: int, after: _Place | None) -> _Place | None:
    """Return the place of the last row that a page looks at, or None where it sees all that are left."""
    log = PredictionLog
    places = select(log.timestamp, log.predic_id).where(log.user_id == user_id, *_after(_PICTURES, after))
    row = session.execute(places.order_by(*_newest(_PICTURES)).offset(SEARCHED - 1).limit(1)).first()
    return None if row is None else (row.timestamp, row.predic_id)


def _pictures(
    session: Session, user_id: int, limit: int, after: _Place | None, horizon: _Place | None
) -> list[_Placed]:
    log = PredictionLog
    query = (
        select(log.predic_id, log.timestamp, log.emotion_id, log.confidence, log.uncertain)
        .where(log.user_id == user_id, log.session_id.is_(None), *_after(_PICTURES, after))
        .order_by(*_newest(_PICTURES))
        .limit(limit)
    )
    if horizon is not None:
        query = query.where(tuple_(*_PICTURES) >= tuple_(*horizon))
    return [_Placed((row.timestamp, row.predic_id), _picture(row)) for row in session.execute(query)]


def _picture(row: Any) -> Picture:
    emotion = Emotion.from_id(row.emotion_id).value
    return Picture(row.predic_id, row.timestamp, emotion, row.confidence, row.uncertain)


def _sessions(
    session: Session, user_id: int, limit: int, after: _Place | None, horizon: _Place | None
) -> list[_Placed]:
    conditions = [*Wanted(user_id).conditions(), *_after(_SESSIONS, after)]
    if horizon is not None:
        conditions.append(RecordedSession.started_at >= horizon[0])
    rows = session.execute(listed().where(*conditions).order_by(*_newest(_SESSIONS)).limit(limit)).all()
    return [_Placed((row.started_at, row.session_id), ListedSession(*row[1:])) for row in rows]


_PICTURES: Sequence[Any] = (PredictionLog.timestamp, PredictionLog.predic_id)
_SESSIONS: Sequence[Any] = (RecordedSession.started_at, RecordedSession.session_id)


def _newest(columns: Sequence[Any]) -> list[Any]:
    return [column.desc() for column in columns]


def _after(columns: Sequence[Any], place: _Place | None) -> list[Any]:
    return [] if place is None else [tuple_(*columns) < tuple_(*place)]


def _cursor(session_place: _Place | None, picture_place: _Place | None) -> str:
    return ".".join("" if place is None else cursor_of(*place) for place in (session_place, picture_place))


def _places(cursor: str | None) -> tuple[_Place | None, _Place | None]:
    """Return where a page begins among the sessions and among the pictures."""
    sessions, _, pictures = (cursor or ".").partition(".")
    return (place_of(sessions) if sessions else None), (place_of(pictures) if pictures else None)
