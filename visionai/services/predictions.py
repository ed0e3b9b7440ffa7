"""The rows of the log themselves: the newest, all of them as a file, and the end of those that are too old."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

from flask import current_app
from sqlalchemy import Row, Select, delete, select, tuple_

from .. import concurrency
from ..errors import N_, ValidationFailed
from ..models import EmotionClass, LogState, ModelVersion, PredictionLog, Role, User, utc_now
from .figures import hour_of
from .filters import Filters
from .identities import Identity
from .recount import pruned_before
from .transactions import PRUNING_LOCK, alone, browsing, own_figures, unhurried, writing

_PAGE = 1000
_PRUNED_AT_ONCE = 5000
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


@dataclass(frozen=True, slots=True)
class ExportRow:
    """A row of the view `prediction_history`, with its uid."""

    id: int
    uid: UUID
    timestamp: datetime
    username: str | None
    emotion_name: str
    confidence: float
    model_version_tag: str
    processing_time_ms: int
    source_ip: str | None


def recent(filters: Filters, limit: int, cursor: str | None, viewer: Identity | None) -> RecentPage:
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
    page = rows[:limit]
    more = _cursor(page[-1].timestamp, page[-1].predic_id) if len(rows) > limit else None
    return RecentPage([_seen_by(viewer, row) for row in page], more)


def export_rows(filters: Filters) -> Iterator[ExportRow]:
    """Yield rows from the oldest to the newest there is now, a page at a time: no connection is held between pages."""
    bounded = replace(filters, until=filters.until or utc_now())
    log, position = PredictionLog, (_EPOCH, 0)
    query = _exported().where(*bounded.conditions()).order_by(log.timestamp, log.predic_id).limit(_PAGE)
    while True:
        with browsing() as session:
            unhurried(session.connection())
            page = session.execute(query.where(tuple_(log.timestamp, log.predic_id) > tuple_(*position))).all()
        yield from (ExportRow(*row) for row in page)
        if len(page) < _PAGE:
            return
        position = (page[-1].timestamp, page[-1].predic_id)


def prune(before: datetime) -> int:
    """Delete the rows from before the hour of `before`, keep their figures, and return how many they were."""
    mark = hour_of(min(before, utc_now()))
    with writing() as session:
        # Nobody recounts meanwhile: from here on the figures before the mark are all there is.
        own_figures(session.connection())
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


def _exported() -> Select[int, UUID, datetime, str, str, float, str, int, str | None]:
    log = PredictionLog
    return (
        select(
            log.predic_id,
            log.uid,
            log.timestamp,
            User.username,
            EmotionClass.emotion_name,
            log.confidence,
            ModelVersion.model_version_tag,
            log.processing_time_ms,
            log.source_ip,
        )
        .join(EmotionClass, EmotionClass.emotion_id == log.emotion_id)
        .join(ModelVersion, ModelVersion.model_id == log.model_id)
        .outerjoin(User, User.user_id == log.user_id)
    )


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
