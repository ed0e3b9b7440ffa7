"""Keyset pagination over the newest rows of the log."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Row, select, tuple_

from ...database.sessions import browsing
from ...models import EmotionClass, PredictionLog, Role, User
from ..accounts.identity import Identity
from ..statistics.filters import Filters
from .cursors import cursor_of, place_of


@dataclass(frozen=True, slots=True)
class RecentPrediction:
    """A row as a viewer may see it."""

    id: int
    timestamp: datetime
    emotion: str
    confidence: float
    user: str | None
    source_ip: str | None


@dataclass(frozen=True, slots=True)
class RecentPage:
    """Some rows, the newest first, and where the next page begins, if there is one."""

    predictions: list[RecentPrediction]
    next_cursor: str | None


def recent_page(filters: Filters, limit: int, cursor: str | None, viewer: Identity | None) -> RecentPage:
    """Return at most `limit` rows by (timestamp, id), newest first; raises ValidationFailed for a cursor not of ours.

    User and address are shown to administrators and to the user the row belongs to.
    """
    log = PredictionLog
    query = (
        select(log.predic_id, log.timestamp, log.emotion_id, log.confidence, log.user_id, User.username, log.source_ip)
        .outerjoin(User, User.user_id == log.user_id)
        .add_columns(EmotionClass.emotion_name)
        .join(EmotionClass, EmotionClass.emotion_id == log.emotion_id)
        .where(*filters.conditions())
        .order_by(log.timestamp.desc(), log.predic_id.desc())
        .limit(limit + 1)
    )
    if cursor is not None:
        query = query.where(tuple_(log.timestamp, log.predic_id) < tuple_(*place_of(cursor)))
    with browsing() as session:
        rows = session.execute(query).all()
    shown = rows[:limit]
    more = cursor_of(shown[-1].timestamp, shown[-1].predic_id) if len(rows) > limit else None
    return RecentPage([_seen_by(viewer, row) for row in shown], more)


def _seen_by(viewer: Identity | None, row: Row) -> RecentPrediction:
    open_to_viewer = viewer is not None and (viewer.role == Role.ADMIN or row.user_id == viewer.user_id)
    user, source_ip = (row.username, row.source_ip) if open_to_viewer else (None, None)
    return RecentPrediction(row.predic_id, row.timestamp, row.emotion_name, row.confidence, user, source_ip)
