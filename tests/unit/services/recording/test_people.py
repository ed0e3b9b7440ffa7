"""Counters of recorded sessions, kept where their rows are written."""

from __future__ import annotations

from uuid import uuid4

import pytest
from flask import Flask
from sqlalchemy import select

from tests.support.rows import a_row
from visionai.extensions import db
from visionai.models import PredictionLog, PredictionTotal, RecordedSession, SessionPerson
from visionai.services.recording.ledger import Ledger
from visionai.services.recording.row import Row

pytestmark = pytest.mark.databases


@pytest.fixture
def session_id(app: Flask) -> int:
    return make_session()


@pytest.fixture
def ledger(app: Flask) -> Ledger:
    return Ledger(db.engine)


def make_session() -> int:
    session = RecordedSession(uid=uuid4(), source="camera", gaps=[])
    db.session.add(session)
    db.session.commit()
    return session.session_id


def a_reading(session_id: int, second: int, person: int = 1, frames: int = 30) -> Row:
    return a_row(
        session_id=session_id,
        person=person,
        offset_ms=second * 1000,
        frames=frames,
        scores=(0.0, 0.0, 0.0, 0.8, 0.2, 0.0, 0.0),
        uncertain=False,
    )


def counted(session_id: int) -> tuple[int, int, int]:
    found = RecordedSession
    query = select(found.seconds, found.frames, found.people).where(found.session_id == session_id)
    with db.engine.connect() as connection:
        return tuple(connection.execute(query).one())


def people(session_id: int) -> list[tuple[int, ...]]:
    found = SessionPerson
    query = select(found.person, found.first_offset_ms, found.last_offset_ms, found.seconds, found.frames)
    with db.engine.connect() as connection:
        return [
            tuple(row) for row in connection.execute(query.where(found.session_id == session_id).order_by("person"))
        ]


def test_a_reading_is_logged_with_its_scores_and_its_place(ledger: Ledger, session_id: int) -> None:
    ledger.record([a_reading(session_id, 3, person=2)])
    row = db.session.query(PredictionLog).one()
    assert (row.session_id, row.person, row.offset_ms, row.frames, row.uncertain) == (session_id, 2, 3000, 30, False)
    assert row.scores == pytest.approx((0.0, 0.0, 0.0, 0.8, 0.2, 0.0, 0.0))


def test_people_are_counted_by_seconds_and_the_session_is_their_sum(ledger: Ledger, session_id: int) -> None:
    ledger.record([a_reading(session_id, second, person) for second in (1, 2, 3) for person in (1, 2)])
    ledger.record([a_reading(session_id, 7, 1, frames=10)])
    assert people(session_id) == [(1, 1000, 7000, 4, 100), (2, 1000, 3000, 3, 90)]
    assert counted(session_id) == (7, 190, 2)


def test_a_second_whose_rows_come_in_two_commits_is_one(ledger: Ledger, session_id: int) -> None:
    frames = [a_row(session_id=session_id, person=1, offset_ms=ms, frames=1) for ms in (100, 500, 900, 1100)]
    for row in frames:
        ledger.record([row])
    assert people(session_id) == [(1, 100, 1100, 2, 4)]


def test_a_row_that_is_tried_again_is_not_counted_again(ledger: Ledger, session_id: int) -> None:
    row = a_reading(session_id, 1)
    first, again = ledger.record([row]), ledger.record([row, a_reading(session_id, 2)])
    assert first[row.uid] == again[row.uid]
    assert counted(session_id) == (2, 60, 1)


def test_a_row_whose_session_is_gone_is_left_out_and_counted_nowhere(ledger: Ledger, session_id: int) -> None:
    assert ledger.record([a_reading(session_id + 1, 1), a_row()]).keys() != set()
    assert [row.session_id for row in db.session.query(PredictionLog)] == [None]
    assert sum(row.count for row in db.session.query(PredictionTotal)) == 1


def test_rows_of_several_sessions_in_one_commit_are_counted_apart(ledger: Ledger, session_id: int) -> None:
    other = make_session()
    ledger.record([a_reading(session_id, 1), a_reading(other, 1), a_reading(other, 2)])
    assert (counted(session_id)[0], counted(other)[0]) == (1, 2)


def test_rows_of_no_session_touch_none(ledger: Ledger, session_id: int) -> None:
    ledger.record([a_row()])
    assert counted(session_id) == (0, 0, 0)
