"""Keyset pagination over the newest rows of the log."""

from __future__ import annotations

import base64
import binascii
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import Row, select, tuple_

from ...database.sessions import browsing
from ...errors import N_, ValidationFailed
from ...models import EmotionClass, PredictionLog, Role, User
from ..accounts.identity import Identity
from ..statistics.filters import Filters

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


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
        query = query.where(tuple_(log.timestamp, log.predic_id) < tuple_(*_position(cursor)))
    with browsing() as session:
        rows = session.execute(query).all()
    shown = rows[:limit]
    more = _cursor(shown[-1].timestamp, shown[-1].predic_id) if len(rows) > limit else None
    return RecentPage([_seen_by(viewer, row) for row in shown], more)


def _seen_by(viewer: Identity | None, row: Row) -> RecentPrediction:
    open_to_viewer = viewer is not None and (viewer.role == Role.ADMIN or row.user_id == viewer.user_id)
    user, source_ip = (row.username, row.source_ip) if open_to_viewer else (None, None)
    return RecentPrediction(row.predic_id, row.timestamp, row.emotion_name, row.confidence, user, source_ip)


def _cursor(timestamp: datetime, predic_id: int) -> str:
    """Return a position in the log as text that fits into a query string."""
    microseconds = (timestamp - _EPOCH) // timedelta(microseconds=1)
    return base64.urlsafe_b64encode(f"{microseconds}.{predic_id}".encode()).decode().rstrip("=")


def _position(cursor: str) -> tuple[datetime, int]:
    """Return the position of a cursor; raises ValidationFailed."""
    try:
        text = base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True).decode()
        microseconds, predic_id = map(int, text.split("."))
        position = _EPOCH + timedelta(microseconds=microseconds), predic_id
    except (binascii.Error, ValueError, OverflowError) as err:
        raise ValidationFailed({"cursor": [N_("Give the “next_cursor” of a page as it was.")]}) from err
    if not 0 <= predic_id < 1 << 63:
        raise ValidationFailed({"cursor": [N_("Give the “next_cursor” of a page as it was.")]})
    return position
