"""Counters of recorded sessions and their people, kept in the transactions that write their rows."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from functools import cache

from sqlalchemy import ColumnElement, Connection, Insert, Update, case, delete, func, literal, select, update

from ...database.bulk import bulk_insert, bulk_values
from ...models import PredictionLog, RecordedSession, SessionPerson
from .row import Row

SECOND_MS = 1000

_COLUMNS = ("session_id", "person", "first_offset_ms", "last_offset_ms", "seconds", "frames")


def known(connection: Connection, rows: Iterable[Row]) -> set[int]:
    """Return which of the sessions that rows name there are; nobody else changes these until the transaction ends."""
    ids = {row.session_id for row in rows if row.session_id is not None}
    if not ids:
        return set()
    session_id = RecordedSession.session_id
    # In one order, so that those who change several sessions at once wait for each other and never in a circle.
    there = select(session_id).where(session_id.in_(ids)).order_by(session_id).with_for_update(key_share=True)
    return set(connection.scalars(there))


def count(connection: Connection, rows: Iterable[Row]) -> None:
    """Count rows that are new in the log into their sessions: seconds seen, frames, people."""
    by_person: dict[tuple[int, int], list[Row]] = defaultdict(list)
    for row in rows:
        if row.session_id is not None and row.person is not None:
            by_person[row.session_id, row.person].append(row)
    if not by_person:
        return
    values = [(*key, *_counted(by_person[key])) for key in sorted(by_person)]
    dialect = connection.dialect.name
    connection.execute(_upsert(dialect), bulk_values(dialect, _COLUMNS, values))
    _sum_up(connection, {key[0] for key in by_person})


def theirs_of(connection: Connection, rows: Sequence[ColumnElement[bool]]) -> set[tuple[int, int]]:
    """Return the people, as session and number, to whom some rows of the log belong and whose session there is."""
    log = PredictionLog
    people = select(log.session_id, log.person).distinct().where(*rows, log.person.is_not(None))
    there = people.join(RecordedSession, RecordedSession.session_id == log.session_id)
    found = connection.execute(there)
    return {(session_id, person) for session_id, person in found if session_id is not None and person is not None}


def recount(connection: Connection, people: Iterable[tuple[int, int]]) -> None:
    """Make the counters of people and their sessions what the log holds of them, who may be gone altogether."""
    table, log = SessionPerson, PredictionLog
    frames = func.coalesce(func.sum(func.coalesce(log.frames, 1)), 0)
    offset = func.coalesce(log.offset_ms, 0)
    seconds = func.count(func.distinct(offset // literal(SECOND_MS, literal_execute=True)))
    counted = select(func.min(offset), func.max(offset), seconds, frames)
    for session_id, person in sorted(people):
        found = connection.execute(counted.where(log.session_id == session_id, log.person == person)).one()
        own = (table.session_id == session_id, table.person == person)
        if not found[2]:
            connection.execute(delete(table).where(*own))
        else:
            values = dict(zip(_COLUMNS[2:], found, strict=True))
            connection.execute(update(table).where(*own).values(values))
    _sum_up(connection, {session_id for session_id, _ in people})


def _sum_up(connection: Connection, sessions: set[int]) -> None:
    if sessions:
        connection.execute(_sum_of_people().where(RecordedSession.session_id.in_(sessions)))


def _counted(rows: list[Row]) -> tuple[int, int, int, int]:
    """Return the first and last offset of a person's rows, the seconds they lie in, and their frames."""
    offsets = [row.offset_ms or 0 for row in rows]
    seconds = {offset // SECOND_MS for offset in offsets}
    return min(offsets), max(offsets), len(seconds), sum(row.frames or 1 for row in rows)


@cache
def _upsert(dialect: str) -> Insert:
    """Return the statement that adds to people or makes them.

    A second that is counted already, since its rows came in two commits, is not counted again.
    """
    statement = bulk_insert(dialect, SessionPerson.__table__, _COLUMNS)
    there, new = SessionPerson.__table__.c, statement.excluded
    again = case((there.last_offset_ms // SECOND_MS == new.first_offset_ms // SECOND_MS, 1), else_=0)
    earlier = case((new.first_offset_ms < there.first_offset_ms, new.first_offset_ms), else_=there.first_offset_ms)
    later = case((new.last_offset_ms > there.last_offset_ms, new.last_offset_ms), else_=there.last_offset_ms)
    return statement.on_conflict_do_update(
        index_elements=["session_id", "person"],
        set_={
            "first_offset_ms": earlier,
            "last_offset_ms": later,
            "seconds": there.seconds + new.seconds - again,
            "frames": there.frames + new.frames,
        },
    )


def _sum_of_people() -> Update:
    """Return the statement that makes the counters of sessions the sums over their people."""
    person = SessionPerson
    own = person.session_id == RecordedSession.session_id
    return update(RecordedSession).values(
        people=select(func.count()).select_from(person).where(own).scalar_subquery(),
        seconds=select(func.coalesce(func.sum(person.seconds), 0)).where(own).scalar_subquery(),
        frames=select(func.coalesce(func.sum(person.frames), 0)).where(own).scalar_subquery(),
    )
