"""Idempotent commits: rows, counters and sessions in one transaction, each row once however often tried."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from functools import cache
from uuid import UUID

from sqlalchemy import Connection, Engine, select
from sqlalchemy.exc import DataError, DBAPIError, IntegrityError, StatementError
from sqlalchemy.sql.dml import ReturningInsert

from ...database.availability import cause_of
from ...database.bulk import bulk_insert, bulk_values
from ...database.sessions import share_counters
from ...database.sqlite import begin_writing
from ...models import EVERYBODY, PredictionLog, User
from ..statistics import counters
from ..webhooks import firing
from ..weights import versions
from . import people
from .row import Row

logger = logging.getLogger(__name__)


class Ledger:
    """The log and the counters of one database."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._model_ids: dict[str, int] = {}
        self.committed = 0
        """How many rows were committed so far."""
        self.refused = 0
        """How many rows the database refused so far, and are nowhere."""

    def record(self, rows: Sequence[Row]) -> dict[UUID, int]:
        """Commit rows and return the ids of those that are in the log now, whether from this time or an earlier one.

        Rows of a session or user who is gone, or of one who erased their predictions after the row was made, are left
        out. A row that the database refuses is left out too, and logged, so that it does not hold up the others. Raises
        what SQLAlchemy raises where the database is away; whether the rows were committed is not known then.
        """
        try:
            return self._commit(rows)
        except StatementError as error:
            # The version of the weights that rows name was deleted since it was looked up, or the database was away
            # and what is there now was restored from a backup, in which its id may be another version's.
            self._model_ids.clear()
            if not _refused(error):
                raise
        return {uid: row_id for row in rows for uid, row_id in self._record_alone(row).items()}

    def _record_alone(self, row: Row) -> dict[UUID, int]:
        try:
            return self._commit([row])
        except StatementError as error:
            if not _refused(error):
                raise
            self._model_ids.clear()
            self.refused += 1
            logger.error("The database refused a row: %s", cause_of(error))
            return {}

    def _commit(self, rows: Sequence[Row]) -> dict[UUID, int]:
        with begin_writing(self._engine) as connection:
            ids = self._record(connection, rows)
        self.committed += len(ids)
        return ids

    def _record(self, connection: Connection, rows: Sequence[Row]) -> dict[UUID, int]:
        share_counters(connection)
        welcome = _without_erased(connection, rows)
        if not welcome:
            return {}
        ids = _insert(connection, welcome, self._ids_of_versions(connection, welcome))
        new = [row for row in welcome if row.uid in ids]
        counters.add(connection, tally(new))
        people.count(connection, new)
        firing.evaluate(connection, {row.session_id for row in new if row.session_id is not None})
        tried_before = [row for row in welcome if row.uid not in ids]
        return ids | _ids_of(connection, tried_before) if tried_before else ids

    def _ids_of_versions(self, connection: Connection, rows: Sequence[Row]) -> dict[str, int]:
        for tag in sorted({row.model_version_tag for row in rows} - self._model_ids.keys()):
            self._model_ids[tag] = versions.ensure(connection, tag)
        return self._model_ids


def _refused(error: StatementError) -> bool:
    """Tell whether the database, or its driver, does not want these values and never will."""
    return not isinstance(error, DBAPIError) or isinstance(error, IntegrityError | DataError)


def _without_erased(connection: Connection, rows: Sequence[Row]) -> list[Row]:
    """Return the rows whose session and user, if any, exist, and whose user did not erase them; each uid once."""
    user_ids = {row.user_id for row in rows if row.user_id is not None}
    erased: dict[int, datetime | None] = {}
    if user_ids:
        users = select(User.user_id, User.predictions_erased_at).where(User.user_id.in_(user_ids))
        erased = dict(connection.execute(users).all())
    sessions = people.known(connection, rows)
    distinct = {row.uid: row for row in rows}.values()
    return [
        row
        for row in distinct
        if (row.user_id is None or _stays(row, erased)) and (row.session_id is None or row.session_id in sessions)
    ]


def _stays(row: Row, erased: dict[int, datetime | None]) -> bool:
    if row.user_id not in erased:
        return False
    moment = erased[row.user_id]
    return moment is None or row.timestamp > moment


def _insert(connection: Connection, rows: Sequence[Row], models: Mapping[str, int]) -> dict[UUID, int]:
    """Insert the rows that are not there yet and return their ids."""
    values = [
        (
            row.uid,
            row.emotion_id,
            row.confidence,
            models[row.model_version_tag],
            row.processing_time_ms,
            row.source_ip,
            row.user_id,
            row.timestamp,
            row.scores,
            row.uncertain,
            row.frames,
            row.session_id,
            row.person,
            row.offset_ms,
        )
        for row in rows
    ]
    dialect = connection.dialect.name
    returned = connection.execute(_statement(dialect), bulk_values(dialect, _COLUMNS, values))
    return {uid: predic_id for predic_id, uid in returned}


def _ids_of(connection: Connection, rows: Sequence[Row]) -> dict[UUID, int]:
    log, moments = PredictionLog, [row.timestamp for row in rows]
    known = select(log.uid, log.predic_id).where(
        log.uid.in_([row.uid for row in rows]), log.timestamp.between(min(moments), max(moments))
    )
    return dict(connection.execute(known).all())


_COLUMNS = (
    "uid",
    "emotion_id",
    "confidence",
    "model_id",
    "processing_time_ms",
    "source_ip",
    "user_id",
    "timestamp",
    "scores",
    "uncertain",
    "frames",
    "session_id",
    "person",
    "offset_ms",
)


@cache
def _statement(dialect: str) -> ReturningInsert[int, UUID]:
    insert = bulk_insert(dialect, PredictionLog.__table__, _COLUMNS)
    return insert.on_conflict_do_nothing(index_elements=["uid", "timestamp"]).returning(
        PredictionLog.predic_id, PredictionLog.uid
    )


def tally(rows: Iterable[Row]) -> dict[counters.Key, counters.Tally]:
    """Count rows: each for everybody, and for its user if it has one."""
    tallies: dict[counters.Key, counters.Tally] = {}
    for row in rows:
        hour, one = counters.hour_of(row.timestamp), counters.Tally(1, row.confidence, row.timestamp)
        for user_id in {EVERYBODY, row.user_id or EVERYBODY}:
            counters.count(tallies, counters.Key(hour, row.emotion_id, user_id), one)
    return tallies
