"""Erasure of a user's predictions (GDPR article 17) and of recorded sessions: rows, their share of the counters, and
rows on their way.

The first transaction closes the ledger to what is erased: it lets no row in whose session or user is gone, or whose
user erased their predictions after it was made, so that nobody goes looking for rows that wait in the memory or on the
disk of some process. What people see (the name, the logins, the sessions) is gone with it. Rows follow in transactions
of a day at most, after each of which counters and log agree. Whoever comes next goes on where a process died.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, delete, exists, func, insert, or_, select, update

from ... import concurrency
from ...database.sessions import RESUMING_LOCK, alone, own_counters, own_deletion, reading, unhurried, writing
from ...database.types import UtcDateTime, utc_now
from ...extensions import db
from ...models import (
    EVERYBODY,
    ApiKey,
    AuditAction,
    AuthSession,
    PredictionHourly,
    PredictionLog,
    RecordedSession,
    Rule,
    SessionErasure,
    TargetKind,
    User,
    Webhook,
)
from ..accounts import administrators
from ..audit import trail
from ..audit.trail import Target
from ..recording import people
from ..statistics import counters
from ..statistics.counters import DAY, Key, Tally, day_of
from . import residue

AT_ONCE = 5000
"""How many rows a transaction erases, about: what SQLite deletes in a moment, during which nobody else writes."""

FOR_EVER = datetime(9000, 1, 1, tzinfo=UTC)
"""Up to when the predictions of a deleted user are erased: the ledger lets in none of theirs, whenever it was made."""

_SESSIONS_AT_ONCE = 100
_PAUSE_SECONDS = 0.005


def delete_predictions(user_id: int) -> None:
    """Erase a user's predictions, those included that wait to be written, and their recorded sessions."""
    with writing() as session:
        connection = session.connection()
        own_counters(connection)
        # Read the clock only now: whoever held the counters until here may have let in rows made a moment ago.
        _change_user(connection, user_id, predictions_erased_at=_present(connection, user_id))
        sessions = _remove_sessions(connection, RecordedSession.user_id == user_id)
        account = session.get(User, user_id)
        trail.record(session, AuditAction.READINGS_ERASED, Target.of_user(account) if account else None)
    _erase_rows_of_user(user_id)
    _erase_rows_of_sessions(sessions)
    residue.remove(db.engine)


def delete_user(user_id: int) -> None:
    """Erase a user with everything that is held on them; their name is free from the first moment on.

    Rows of the audit log stay, without their name and their addresses. Raises LastAdministrator.
    """
    with writing() as session:
        connection = session.connection()
        own_counters(connection)
        account = session.get(User, user_id)
        if account is None:
            return
        administrators.keep_one(session, but=account)
        _change_user(
            connection,
            user_id,
            predictions_erased_at=FOR_EVER,
            deletion_requested_at=utc_now(),
            is_active=False,
            # No account can be called so: names have no spaces.
            username=f"deleted {user_id}",
            hashed_password="",
        )
        sessions = _remove_sessions(connection, RecordedSession.user_id == user_id)
        for table in (AuthSession, ApiKey, Webhook, Rule):
            connection.execute(delete(table).where(table.user_id == user_id))
        trail.record(session, AuditAction.USER_ERASED, Target(TargetKind.USER, str(user_id)))
        trail.blank_names(session, user_id)
    _erase_rows_of_user(user_id)
    _erase_rows_of_sessions(sessions)
    _remove_account(user_id)
    residue.remove(db.engine)


def delete_session(session: RecordedSession) -> None:
    """Erase a recorded session with its people, its markers and its rows, those included that wait to be written."""
    with writing() as database_session:
        connection = database_session.connection()
        own_counters(connection)
        sessions = _remove_sessions(connection, RecordedSession.session_id == session.session_id)
        if sessions:
            trail.record(database_session, AuditAction.SESSION_DELETED, Target(TargetKind.SESSION, str(session.uid)))
    _erase_rows_of_sessions(sessions)
    residue.remove(db.engine)


def resume() -> int:
    """Go on with erasures that a process did not live to finish, and return of how many users and sessions.

    While another process does so there is nothing to do.
    """
    with alone(RESUMING_LOCK) as free:
        if not free:
            return 0
        users, sessions = _unfinished()
        for user_id in users:
            _erase_rows_of_user(user_id)
        _erase_rows_of_sessions(sessions)
        for user_id, is_deleted in users.items():
            if is_deleted:
                _remove_account(user_id)
    if users or sessions:
        residue.remove(db.engine)
    return len(users) + len(sessions)


def _unfinished() -> tuple[dict[int, bool], list[int]]:
    """Return the users of whom something is left to erase, and whether they are deleted; and such sessions."""
    log, hourly, deleted = PredictionLog, PredictionHourly, User.deletion_requested_at.is_not(None)
    rows = exists().where(log.user_id == User.user_id, log.timestamp <= User.predictions_erased_at)
    figures = exists().where(hourly.user_id == User.user_id, hourly.last_timestamp <= User.predictions_erased_at)
    some_left = User.predictions_erased_at.is_not(None) & or_(rows, figures)
    with reading() as session:
        unhurried(session.connection())
        users = session.execute(select(User.user_id, deleted).where(or_(deleted, some_left)).order_by(User.user_id))
        sessions = session.scalars(select(SessionErasure.session_id).order_by(SessionErasure.session_id))
        return dict(users.all()), list(sessions)


# What is gone at once ------------------------------------------------------------------------------------------------


def _change_user(connection: Connection, user_id: int, **values: Any) -> None:
    connection.execute(update(User).where(User.user_id == user_id).values(values))


def _present(connection: Connection, user_id: int) -> datetime:
    """Return the present, or the time of the user's last row where a clock that was ahead made that later."""
    log = PredictionLog
    last = connection.scalar(select(func.max(log.timestamp, type_=UtcDateTime)).where(log.user_id == user_id))
    now = utc_now()
    return now if last is None else max(now, last)


def _remove_sessions(connection: Connection, which: ColumnElement[bool]) -> list[int]:
    """Delete sessions with their people and markers, and return their ids; their rows are still to be erased."""
    theirs = select(RecordedSession.session_id).where(which).order_by(RecordedSession.session_id)
    ids = list(connection.scalars(theirs.with_for_update()))
    if ids:
        connection.execute(insert(SessionErasure), [{"session_id": session_id} for session_id in ids])
        connection.execute(delete(RecordedSession).where(which))
    return ids


def _remove_account(user_id: int) -> None:
    """Delete a user who has no rows any more; a session that they began at the last moment goes too."""
    with writing() as session:
        connection = session.connection()
        own_counters(connection)
        connection.execute(select(User.user_id).where(User.user_id == user_id).with_for_update())
        late = _remove_sessions(connection, RecordedSession.user_id == user_id)
        trail.blank_names(session, user_id)
        connection.execute(delete(User).where(User.user_id == user_id))
    _erase_rows_of_sessions(late)


# What goes by the day ------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Rows:
    """Rows to erase, and the column in whose order an index finds them."""

    which: tuple[ColumnElement[bool], ...]
    order: Any


def _erase_rows_of_user(user_id: int) -> None:
    while _erase_some_of_user(user_id):
        concurrency.sleep(_PAUSE_SECONDS)


def _erase_some_of_user(user_id: int) -> bool:
    """Erase rows of a day or, where there are none any more, a day's counters of pruned ones; False if all are gone."""
    log = PredictionLog
    with writing() as session:
        connection = session.connection()
        own_deletion(connection)
        until = connection.scalar(select(User.predictions_erased_at).where(User.user_id == user_id))
        if until is None:
            return False
        rows = _Rows((log.user_id == user_id, log.timestamp <= until), log.timestamp)
        return _erase_some(connection, rows) or _subtract_some(connection, user_id, until)


def _erase_rows_of_sessions(ids: Sequence[int]) -> None:
    for start in range(0, len(ids), _SESSIONS_AT_ONCE):
        while _erase_some_of_sessions(ids[start : start + _SESSIONS_AT_ONCE]):
            concurrency.sleep(_PAUSE_SECONDS)


def _erase_some_of_sessions(ids: Sequence[int]) -> bool:
    """Erase rows of a day of one of these sessions; False if none of them has any, and then they are done with."""
    log = PredictionLog
    with writing() as session:
        connection = session.connection()
        own_deletion(connection)
        session_id = connection.scalar(select(log.session_id).where(log.session_id.in_(ids)).limit(1))
        if session_id is not None:
            return _erase_some(connection, _Rows((log.session_id == session_id,), log.offset_ms))
        connection.execute(delete(SessionErasure).where(SessionErasure.session_id.in_(ids)))
        return False


def _erase_some(connection: Connection, rows: _Rows) -> bool:
    """Delete the first rows and take them out of the counters; False where there are none.

    No row is added to them meanwhile, since the ledger is closed to them. Counters are owned, and recorders wait, only
    once the rows are deleted, which is most of the work.
    """
    some = _first_of(connection, rows)
    if some is None:
        return False
    tallies, theirs = _tallied(connection, some), people.theirs_of(connection, some)
    connection.execute(delete(PredictionLog).where(*some))
    own_counters(connection)
    counters.subtract(connection, tallies)
    people.recount(connection, theirs)
    return True


def _first_of(connection: Connection, rows: _Rows) -> list[ColumnElement[bool]] | None:
    """Return the condition on the first `AT_ONCE` rows, or fewer, those of a day; None where there are none."""
    log, order = PredictionLog, rows.order
    first = connection.execute(select(order, log.timestamp).where(*rows.which).order_by(order).limit(1)).first()
    if first is None:
        return None
    start, day = first[0], day_of(first[1])
    some = [*rows.which, log.timestamp >= day, log.timestamp < day + DAY]
    if start is None:
        return [*some, order.is_(None)]
    some.append(order >= start)
    end = connection.scalar(select(order).where(*some).order_by(order).offset(AT_ONCE).limit(1))
    if end is None:
        return some
    return [*some, order < end if end > start else order <= start]


def _tallied(connection: Connection, some: Sequence[ColumnElement[bool]]) -> dict[Key, Tally]:
    """Count rows by hour, emotion and user, each for everybody as well, as the ledger did when it wrote them."""
    log = PredictionLog
    hour = func.date_trunc("hour", log.timestamp, "UTC", type_=UtcDateTime)
    sums = (func.count(), func.sum(log.confidence), func.max(log.timestamp, type_=UtcDateTime))
    groups = connection.execute(
        select(hour, log.emotion_id, log.user_id, *sums).where(*some).group_by(hour, log.emotion_id, log.user_id)
    )
    tallies: dict[Key, Tally] = {}
    for of_hour, emotion_id, user_id, count, confidences, last in groups:
        for whose in {EVERYBODY, user_id or EVERYBODY}:
            counters.count(tallies, Key(of_hour, emotion_id, whose), Tally(count, confidences, last))
    return tallies


def _subtract_some(connection: Connection, user_id: int, until: datetime) -> bool:
    """Take out of the counters what is left of a day of a user's, whose rows were pruned; False if nothing is left."""
    own_counters(connection)
    hourly = PredictionHourly
    theirs = (hourly.user_id == user_id, hourly.last_timestamp <= until)
    first = connection.scalar(select(func.min(hourly.hour, type_=UtcDateTime)).where(*theirs))
    if first is None:
        return False
    sums = (hourly.count, hourly.confidence_sum, hourly.last_timestamp)
    left = connection.execute(
        select(hourly.hour, hourly.emotion_id, *sums).where(*theirs, hourly.hour < day_of(first) + DAY)
    )
    counters.subtract(
        connection,
        {
            Key(hour, emotion_id, whose): Tally(count, confidences, last)
            for hour, emotion_id, count, confidences, last in left
            for whose in (user_id, EVERYBODY)
        },
    )
    return True
