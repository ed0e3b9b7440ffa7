"""Export of the log: rows read by keyset a page at a time, and written as CSV or JSON as they are read."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict, dataclass, fields, replace
from datetime import UTC, datetime
from itertools import islice
from typing import Any
from uuid import UUID

from sqlalchemy import Select, select, tuple_

from ...database.sessions import browsing, unhurried
from ...database.types import utc_now
from ...models import EmotionClass, ModelVersion, PredictionLog, User
from ..statistics.filters import Filters

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_PAGE = 1000
_ROWS_A_PIECE = 200


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


_RUN_BY_SPREADSHEETS = ("=", "+", "-", "@", "\t", "\r", "\n")
_COLUMNS = [column.name for column in fields(ExportRow)]


def rows(filters: Filters) -> Iterator[ExportRow]:
    """Yield rows from the oldest to the newest there is now, a page at a time."""
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
    """Yield the pieces of a CSV file (RFC 4180) whose cells no spreadsheet runs."""
    yield _csv_lines([_COLUMNS])
    for some in _batched(rows):
        yield _csv_lines([_cell(value) for value in asdict(row).values()] for row in some)


def as_json(rows: Iterable[ExportRow]) -> Iterator[str]:
    """Yield the pieces of a JSON array of objects."""
    separator = "["
    for some in _batched(rows):
        yield separator + ",\n".join(json.dumps({k: _plain(v) for k, v in asdict(row).items()}) for row in some)
        separator = ",\n"
    yield "]\n" if separator != "[" else "[]\n"


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


def _batched(rows: Iterable[ExportRow]) -> Iterator[list[ExportRow]]:
    iterator = iter(rows)
    while some := list(islice(iterator, _ROWS_A_PIECE)):
        yield some


def _csv_lines(lines: Iterable[list[Any]]) -> str:
    text = io.StringIO()
    csv.writer(text).writerows(lines)
    return text.getvalue()


def _cell(value: Any) -> Any:
    """Return `value` as it is written, with an apostrophe before a text that a spreadsheet would take for a formula.

    https://owasp.org/www-community/attacks/CSV_Injection
    """
    value = _plain(value)
    return f"'{value}" if isinstance(value, str) and value.startswith(_RUN_BY_SPREADSHEETS) else value


def _plain(value: Any) -> Any:
    """Return a value that JSON has."""
    if isinstance(value, datetime):
        return value.isoformat()
    return value if value is None or isinstance(value, bool | int | float | str) else str(value)
