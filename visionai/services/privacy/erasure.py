"""Erasure of a user's predictions (GDPR article 17): rows, their share of the counters, and rows on their way.

Rows on their way wait in the memory or on the disk of some process. Nobody goes looking for them: the ledger lets no
row in whose user is gone, or erased their predictions after it was made.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, Integer, bindparam, case, delete, func, select, update
from sqlalchemy.orm import Session

from ...database.sessions import own_counters, reading, writing
from ...database.types import UtcDateTime, utc_now
from ...extensions import db
from ...models import (
    EVERYBODY,
    AuthSession,
    PredictionDaily,
    PredictionHourly,
    PredictionLog,
    PredictionTotal,
    RecordedSession,
    User,
)
from ..statistics import counters
from . import residue


def delete_predictions(user_id: int) -> None:
    """Erase a user's predictions, those included that wait to be written."""
    with writing() as session:
        _erase(session, user_id)
    residue.remove(db.engine)


def delete_user(user_id: int) -> None:
    """Erase a user with everything that is held on them."""
    with reading() as session:
        recorded = session.scalars(select(RecordedSession).where(RecordedSession.user_id == user_id)).all()
    for one in recorded:
        delete_session(one)
    with writing() as session:
        _erase(session, user_id)
        session.execute(delete(AuthSession).where(AuthSession.user_id == user_id))
        session.execute(delete(User).where(User.user_id == user_id))
    residue.remove(db.engine)


def delete_session(session: RecordedSession) -> None:
    """Erase a recorded session: its rows, their share of all counters, its people and its markers."""
    log = PredictionLog
    of_session = log.session_id == session.session_id
    with writing() as changes:
        connection = changes.connection()
        own_counters(connection)
        hours = connection.scalars(
            select(func.date_trunc("hour", log.timestamp, "UTC", type_=UtcDateTime)).where(of_session).distinct()
        ).all()
        connection.execute(delete(log).where(of_session))
        for hour in sorted(hours):
            counters.rebuild_hours(connection, hour, hour + counters.HOUR)
        for day in sorted({counters.day_of(hour) for hour in hours}):
            counters.sum_day(connection, day)
        if hours:
            counters.sum_totals(connection)
        changes.execute(delete(RecordedSession).where(RecordedSession.session_id == session.session_id))
    residue.remove(db.engine)


def _erase(session: Session, user_id: int) -> None:
    connection = session.connection()
    own_counters(connection)
    # Read the clock only now: whoever held the counters until here may have let in rows made a moment ago.
    connection.execute(update(User).where(User.user_id == user_id).values(predictions_erased_at=utc_now()))
    connection.execute(delete(PredictionLog).where(PredictionLog.user_id == user_id))
    hourly = PredictionHourly
    theirs = connection.execute(
        select(hourly.hour, hourly.emotion_id, hourly.count, hourly.confidence_sum, hourly.last_timestamp).where(
            hourly.user_id == user_id
        )
    ).all()
    if theirs:
        _subtract(connection, [row._asdict() for row in theirs])
        for day in sorted({counters.day_of(row.hour) for row in theirs}):
            counters.sum_day(connection, day, EVERYBODY)
        counters.sum_totals(connection, EVERYBODY)
    for table in (PredictionHourly, PredictionDaily, PredictionTotal):
        connection.execute(delete(table).where(table.user_id == user_id))


def _subtract(connection: Connection, theirs: list[dict[str, Any]]) -> None:
    """Take a user's hours out of everybody's."""
    shares = [
        {
            "of_hour": share["hour"],
            "until": share["hour"] + counters.HOUR,
            "of_emotion": share["emotion_id"],
            "less": share["count"],
            "less_confidence": share["confidence_sum"],
            "their_last": share["last_timestamp"],
        }
        for share in theirs
    ]
    connection.execute(_subtraction(), shares)
    hourly = PredictionHourly
    hours = {share["hour"] for share in theirs}
    connection.execute(
        delete(hourly).where(
            hourly.user_id == EVERYBODY, hourly.hour.between(min(hours), max(hours)), hourly.count <= 0
        )
    )


def _subtraction() -> Any:
    """Return the statement that takes a share out of an hour of everybody's.

    Where the share held the last prediction of that hour, the last is now the last in the log; if that was pruned,
    nobody knows more than the hour.
    """
    hourly, log = PredictionHourly, PredictionLog
    hour, emotion = bindparam("of_hour", type_=UtcDateTime), bindparam("of_emotion", type_=Integer)
    within = (log.timestamp >= hour, log.timestamp < bindparam("until", type_=UtcDateTime))
    last = select(func.max(log.timestamp)).where(log.emotion_id == emotion, *within).scalar_subquery()
    theirs = bindparam("their_last", type_=UtcDateTime)
    return (
        update(hourly)
        .where(hourly.user_id == EVERYBODY, hourly.hour == hour, hourly.emotion_id == emotion)
        .values(
            {
                hourly.count: hourly.count - bindparam("less"),
                hourly.confidence_sum: hourly.confidence_sum - bindparam("less_confidence"),
                hourly.last_timestamp: case(
                    (hourly.last_timestamp <= theirs, func.coalesce(last, hour)), else_=hourly.last_timestamp
                ),
            }
        )
        .execution_options(synchronize_session=False)
    )
