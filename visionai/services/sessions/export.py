"""The long table of a recorded session: one row a person and second, read by keyset a page at a time."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime
from itertools import groupby
from operator import attrgetter
from typing import Any

from sqlalchemy import func, select, tuple_

from ...contract.predictions import rounded
from ...database.sessions import browsing, unhurried
from ...models import ModelVersion, PredictionLog, RecordedSession, SessionPerson
from ...vision.emotions import EMOTIONS
from ...vision.results import UNCERTAIN_BELOW
from ..log import tables
from ..log.tables import Record
from .seconds import SECOND_MS, rows_of

SCORES = tuple(f"score_{emotion.value}" for emotion in EMOTIONS)
COLUMNS = (
    "session_uid",
    "participant",
    "person",
    "label",
    "second",
    "offset_ms",
    "timestamp",
    "emotion_name",
    "confidence",
    "uncertain",
    *SCORES,
    "frames",
    "model_version_tag",
)
"""The columns of the table, as docs/DATA_DICTIONARY.md explains them."""

_PAGE = 2000


def records(recorded: RecordedSession) -> Iterator[Record]:
    """Yield a record for each person and second, by second and person; no connection is held between pages."""
    with browsing() as session:
        people = select(SessionPerson.person, SessionPerson.label).where(
            SessionPerson.session_id == recorded.session_id
        )
        labels: dict[int, str | None] = dict(session.execute(people).all())
    head = {"session_uid": str(recorded.uid), "participant": recorded.participant}
    for second, rows in groupby(_rows(recorded), lambda row: row.offset_ms // SECOND_MS):
        # Within a second people's rows alternate where each frame is a row; the sort keeps their order.
        for person, of_person in groupby(sorted(rows, key=attrgetter("person")), attrgetter("person")):
            yield {**head, "person": person, "label": labels.get(person), "second": second, **_reading([*of_person])}


def as_csv(some: Iterable[Record]) -> Iterator[str]:
    """Yield the pieces of a CSV file of records."""
    return tables.as_csv(COLUMNS, some)


def as_json(some: Iterable[Record]) -> Iterator[str]:
    """Yield the pieces of a JSON array of records."""
    return tables.as_json(COLUMNS, some)


KINDS: dict[str, tuple[Callable[[Iterable[Record]], Iterator[str]], str]] = {
    "csv": (as_csv, "text/csv"),
    "json": (as_json, "application/json"),
}
"""Each kind of file there is: what writes it, and its media type."""


def _rows(recorded: RecordedSession) -> Iterator[Any]:
    log = PredictionLog
    with browsing() as session:
        last = select(func.max(SessionPerson.last_offset_ms)).where(SessionPerson.session_id == recorded.session_id)
        within = rows_of(recorded, session.scalar(last) or 0)
    query: Any = (
        select(
            log.offset_ms,
            log.person,
            log.predic_id,
            log.timestamp,
            func.coalesce(log.frames, 1).label("frames"),
            log.scores,
            ModelVersion.model_version_tag,
        )
        .join(ModelVersion, ModelVersion.model_id == log.model_id)
        .where(*within, log.scores.is_not(None))
        .order_by(log.offset_ms, log.person, log.predic_id)
        .limit(_PAGE)
    )
    place = (-1, 0, 0)
    while True:
        with browsing() as session:
            unhurried(session.connection())
            page = session.execute(
                query.where(
                    log.offset_ms >= place[0], tuple_(log.offset_ms, log.person, log.predic_id) > tuple_(*place)
                )
            ).all()
        yield from page
        if len(page) < _PAGE:
            return
        place = tuple(page[-1][:3])


def _reading(rows: Sequence[Any]) -> dict[str, Any]:
    """Return the cells of one person and second: means over frames, from the first of its rows on."""
    frames = sum(row.frames for row in rows)
    sums = [sum(row.frames * row.scores[emotion.class_index] for row in rows) for emotion in EMOTIONS]
    scores = [rounded(total / frames) for total in sums]
    confidence = max(scores)
    first: datetime = rows[0].timestamp
    return {
        "offset_ms": rows[0].offset_ms,
        "timestamp": first,
        "emotion_name": EMOTIONS[scores.index(confidence)].value,
        "confidence": confidence,
        "uncertain": confidence < UNCERTAIN_BELOW,
        **dict(zip(SCORES, scores, strict=True)),
        "frames": frames,
        "model_version_tag": rows[-1].model_version_tag,
    }
