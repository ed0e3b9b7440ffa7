"""Keyset pagination over the newest rows of the log."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, select, tuple_

from ...database.sessions import browsing
from ...models import EmotionClass, ModelVersion, PredictionLog, RecordedSession, Role, User
from ..accounts.identity import Identity
from ..statistics import log_sums
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
    session: UUID | None
    uncertain: bool | None
    model_version_tag: str


@dataclass(frozen=True, slots=True)
class RecentPage:
    """Some rows, the newest first, and where the next page begins, if there is one."""

    predictions: list[RecentPrediction]
    next_cursor: str | None


def recent_page(filters: Filters, limit: int, cursor: str | None, viewer: Identity | None) -> RecentPage:
    """Return at most `limit` rows by (timestamp, id), newest first.

    User, address and session are shown to administrators and to the user the row belongs to. Raises ValidationFailed
    for a cursor not of ours, and where filters that no index knows would have too many rows read.
    """
    if filters.picks_rows:
        log_sums.require_bounded(replace(filters, by_minute=False))
    log = PredictionLog
    query = _shown().where(*filters.conditions()).order_by(log.timestamp.desc(), log.predic_id.desc()).limit(limit + 1)
    if cursor is not None:
        query = query.where(tuple_(log.timestamp, log.predic_id) < tuple_(*place_of(cursor)))
    with browsing() as session:
        rows = session.execute(query).all()
    shown = rows[:limit]
    more = cursor_of(shown[-1].timestamp, shown[-1].predic_id) if len(rows) > limit else None
    return RecentPage([_seen_by(viewer, row) for row in shown], more)


def _shown() -> Any:
    log = PredictionLog
    return (
        select(
            log.predic_id,
            log.timestamp,
            EmotionClass.emotion_name,
            log.confidence,
            log.user_id,
            User.username,
            log.source_ip,
            RecordedSession.uid,
            log.uncertain,
            ModelVersion.model_version_tag,
        )
        .join(EmotionClass, EmotionClass.emotion_id == log.emotion_id)
        .join(ModelVersion, ModelVersion.model_id == log.model_id)
        .outerjoin(User, User.user_id == log.user_id)
        .outerjoin(RecordedSession, RecordedSession.session_id == log.session_id)
    )


def _seen_by(viewer: Identity | None, row: Row) -> RecentPrediction:
    open_to_viewer = viewer is not None and (viewer.role == Role.ADMIN or row.user_id == viewer.user_id)
    user, source_ip, session = (row.username, row.source_ip, row.uid) if open_to_viewer else (None, None, None)
    return RecentPrediction(
        row.predic_id,
        row.timestamp,
        row.emotion_name,
        row.confidence,
        user,
        source_ip,
        session,
        row.uncertain,
        row.model_version_tag,
    )
