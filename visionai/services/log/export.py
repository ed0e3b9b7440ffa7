"""Export of the log: rows read by keyset a page at a time, and written as they are read."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict, dataclass, fields, replace
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Select, select, tuple_

from ...database.sessions import browsing, unhurried
from ...database.types import utc_now
from ...models import EmotionClass, ModelVersion, PredictionLog, User
from ..statistics import log_sums
from ..statistics.filters import Filters
from . import tables

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_PAGE = 1000


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


COLUMNS = [column.name for column in fields(ExportRow)]


def rows(filters: Filters) -> Iterator[ExportRow]:
    """Yield rows from the oldest to the newest there is now, a page at a time.

    Raises ValidationFailed where filters that no index knows would have too many rows read.
    """
    if filters.picks_rows:
        log_sums.require_bounded(replace(filters, by_minute=False))
    return (ExportRow(*row) for row in paged(_exported(), filters))


def paged(chosen: Any, filters: Filters) -> Iterator[Any]:
    """Yield what is `chosen` of rows, `timestamp` and `predic_id` among it, from the oldest to the newest there is now.

    Pages are read one by one, and no connection is held between them.
    """
    bounded = replace(filters, until=filters.until or utc_now())
    log, position = PredictionLog, (_EPOCH, 0)
    query = chosen.where(*bounded.conditions()).order_by(log.timestamp, log.predic_id).limit(_PAGE)
    while True:
        with browsing() as session:
            unhurried(session.connection())
            page = session.execute(query.where(tuple_(log.timestamp, log.predic_id) > tuple_(*position))).all()
        yield from page
        if len(page) < _PAGE:
            return
        position = (page[-1].timestamp, page[-1].predic_id)


def as_csv(rows: Iterable[ExportRow]) -> Iterator[str]:
    """Yield the pieces of a CSV file of rows."""
    return tables.as_csv(COLUMNS, map(asdict, rows))


def as_json(rows: Iterable[ExportRow]) -> Iterator[str]:
    """Yield the pieces of a JSON array of rows."""
    return tables.as_json(COLUMNS, map(asdict, rows))


KINDS: dict[str, tuple[Callable[[Iterable[ExportRow]], Iterator[str]], str]] = {
    "csv": (as_csv, "text/csv"),
    "json": (as_json, "application/json"),
}
"""Each kind of file there is: what writes it, and its media type."""


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
