"""Counters of recorded sessions and their people, kept in the transactions that write their rows."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from functools import cache

from sqlalchemy import Connection, Insert, Update, case, func, select, update

from ...database.bulk import bulk_insert, bulk_values
from ...models import RecordedSession, SessionPerson
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
    connection.execute(_sum_of_people().where(RecordedSession.session_id.in_({key[0] for key in by_person})))


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
        seconds=select(func.sum(person.seconds)).where(own).scalar_subquery(),
        frames=select(func.sum(person.frames)).where(own).scalar_subquery(),
    )
