from __future__ import annotations

import hashlib
from datetime import timedelta
from uuid import uuid4

import pytest
from flask import Flask

from tests.support.readings import Reading, record
from tests.unit.services.conftest import make_user
from tests.unit.services.sessions.conftest import Clock, an_identity
from visionai.contract.session_fields import SessionSource
from visionai.database.sessions import reading
from visionai.database.types import utc_now
from visionai.errors import InvalidToken, NotFound, SessionEnded, TooManySessions
from visionai.extensions import db
from visionai.models import RecordedSession, SessionMarker, User
from visionai.services.sessions import runs

pytestmark = pytest.mark.databases


def found(session_id: int) -> RecordedSession | None:
    with reading() as session:
        return session.get(RecordedSession, session_id)


class TestStart:
    def test_a_session_is_open_and_its_owners(self, user_id: int) -> None:
        started = runs.start(an_identity(user_id), title="Lunch", participant="P1", notes="n", holder=uuid4())
        kept = found(started.session.session_id)
        assert kept is not None
        assert (kept.status, kept.source, kept.user_id, kept.ended_at) == ("open", "camera", user_id, None)
        assert (kept.title, kept.participant, kept.notes) == ("Lunch", "P1", "n")
        assert kept.seen_at == kept.started_at
        assert kept.holder == started.session.holder

    def test_an_account_needs_no_receipt(self, user_id: int) -> None:
        started = runs.start(an_identity(user_id))
        assert (started.receipt, started.session.receipt_sha256) == (None, None)

    def test_of_a_receipt_only_the_digest_is_kept(self, app: Flask) -> None:
        started = runs.start(None)
        assert started.receipt is not None
        assert len(started.receipt) >= 43
        assert started.session.receipt_sha256 == hashlib.sha256(started.receipt.encode()).hexdigest()

    def test_receipts_differ(self, app: Flask) -> None:
        assert runs.start(None).receipt != runs.start(None).receipt

    def test_an_account_has_so_many_open_and_no_more(self, user_id: int, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(runs, "MOST_OPEN", 2)
        first = runs.start(an_identity(user_id))
        runs.start(an_identity(user_id))
        with pytest.raises(TooManySessions):
            runs.start(an_identity(user_id))
        runs.end(first.session.session_id)
        runs.start(an_identity(user_id))

    def test_those_of_others_do_not_count(self, user_id: int, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(runs, "MOST_OPEN", 1)
        runs.start(None)
        runs.start(an_identity(make_user("otra")))
        runs.start(an_identity(user_id))

    def test_an_account_that_is_gone_starts_none(self, app: Flask) -> None:
        with pytest.raises(InvalidToken):
            runs.start(an_identity(7))

    def test_an_account_that_is_being_deleted_starts_none(self, user_id: int) -> None:
        db.session.get_one(User, user_id).deletion_requested_at = utc_now()
        db.session.commit()
        with pytest.raises(InvalidToken):
            runs.start(an_identity(user_id))


class TestResume:
    def test_a_short_absence_leaves_a_gap(self, app: Flask, clock: Clock) -> None:
        session = runs.start(None).session
        clock.pass_by(seconds=30)
        holder = uuid4()
        again = runs.resume(session, holder)
        assert again.gaps == [[0, 30_000]]
        kept = found(session.session_id)
        assert kept is not None
        assert (kept.holder, kept.seen_at, kept.gaps) == (holder, clock.now, [[0, 30_000]])

    def test_each_absence_is_a_gap_of_its_own(self, app: Flask, clock: Clock) -> None:
        session = runs.start(None).session
        for _ in range(2):
            clock.pass_by(seconds=2)
            runs.resume(session, uuid4())
        kept = found(session.session_id)
        assert kept is not None
        assert kept.gaps == [[0, 2000], [2000, 4000]]

    def test_a_second_is_no_gap(self, app: Flask, clock: Clock) -> None:
        session = runs.start(None).session
        clock.pass_by(seconds=1)
        assert runs.resume(session, uuid4()).gaps == []

    @pytest.mark.parametrize(
        ("source", "away"),
        [
            (SessionSource.CAMERA, timedelta(seconds=71)),
            (SessionSource.VIDEO, timedelta(seconds=71)),
            (SessionSource.API, timedelta(hours=24, seconds=1)),
        ],
    )
    def test_a_long_absence_ends_it(self, app: Flask, clock: Clock, source: SessionSource, away: timedelta) -> None:
        session = runs.start(None, source=source).session
        clock.now += away
        with pytest.raises(SessionEnded):
            runs.resume(session, uuid4())

    def test_calls_may_be_hours_apart(self, app: Flask, clock: Clock) -> None:
        session = runs.start(None, source=SessionSource.API).session
        clock.pass_by(hours=23)
        assert runs.resume(session, uuid4()).gaps == [[0, 23 * 3_600_000]]

    def test_one_that_ended_meanwhile_is_not_resumed(self, app: Flask) -> None:
        session = runs.start(None).session
        runs.end(session.session_id)
        with pytest.raises(SessionEnded):
            runs.resume(session, uuid4())

    def test_one_that_is_gone_is_not_found(self, app: Flask) -> None:
        session = runs.start(None).session
        db.session.delete(db.session.get_one(RecordedSession, session.session_id))
        db.session.commit()
        with pytest.raises(NotFound):
            runs.resume(session, uuid4())


class TestEnd:
    def test_it_ends_now(self, app: Flask, clock: Clock) -> None:
        session = runs.start(None).session
        clock.pass_by(seconds=5)
        ended = runs.end(session.session_id)
        assert (ended.status, ended.ended_at) == ("ended", clock.now)

    def test_ending_twice_changes_nothing(self, app: Flask, clock: Clock) -> None:
        session = runs.start(None).session
        first = runs.end(session.session_id)
        clock.pass_by(seconds=5)
        assert runs.end(session.session_id).ended_at == first.ended_at

    def test_a_lost_one_stays_lost(self, app: Flask, clock: Clock) -> None:
        session = runs.start(None).session
        record(session, [Reading()])
        clock.pass_by(seconds=71)
        runs.sweep()
        assert runs.end(session.session_id).status == "lost"

    def test_one_that_is_not_there_is_not_found(self, app: Flask) -> None:
        with pytest.raises(NotFound):
            runs.end(7)


class TestKeepAlive:
    def test_a_session_stays_with_its_holder(self, app: Flask, clock: Clock) -> None:
        holder = uuid4()
        session = runs.start(None, holder=holder).session
        clock.pass_by(seconds=10)
        assert runs.keep_alive({session.session_id: holder}) == {session.session_id}
        kept = found(session.session_id)
        assert kept is not None
        assert kept.seen_at == clock.now

    def test_a_session_that_went_to_another_connection_is_not_kept(self, app: Flask, clock: Clock) -> None:
        first, second = uuid4(), uuid4()
        session, other = (runs.start(None, holder=holder).session for holder in (first, second))
        before = session.seen_at
        clock.pass_by(seconds=10)
        assert runs.keep_alive({session.session_id: second, other.session_id: second}) == {other.session_id}
        kept = found(session.session_id)
        assert kept is not None
        assert kept.seen_at == before

    def test_one_that_ended_is_not_kept(self, app: Flask) -> None:
        holder = uuid4()
        session = runs.start(None, holder=holder).session
        runs.end(session.session_id)
        assert runs.keep_alive({session.session_id: holder}) == set()

    def test_unknown_ones_are_not_kept(self, app: Flask) -> None:
        assert runs.keep_alive({2**40: uuid4()}) == set()

    def test_nothing_held_asks_nothing(self, app: Flask) -> None:
        assert runs.keep_alive({}) == set()

    def test_thousands_are_kept_at_once(self, app: Flask) -> None:
        holder = uuid4()
        session = runs.start(None, holder=holder).session
        others = {session.session_id + number: uuid4() for number in range(1, 3000)}
        assert runs.keep_alive({session.session_id: holder, **others}) == {session.session_id}


class TestSweep:
    @pytest.mark.parametrize(
        ("source", "after"),
        [
            (SessionSource.CAMERA, timedelta(seconds=70)),
            (SessionSource.VIDEO, timedelta(seconds=70)),
            (SessionSource.API, timedelta(hours=24)),
        ],
    )
    def test_a_session_is_lost_once_its_client_is_gone_for_too_long(
        self, app: Flask, clock: Clock, source: SessionSource, after: timedelta
    ) -> None:
        session = runs.start(None, source=source).session
        record(session, [Reading()])
        seen_at = clock.now
        clock.now += after
        assert runs.sweep() == 0
        clock.pass_by(seconds=1)
        assert runs.sweep() == 1
        kept = found(session.session_id)
        assert kept is not None
        assert (kept.status, kept.ended_at) == ("lost", seen_at)

    def test_an_ended_one_stays_ended(self, app: Flask, clock: Clock) -> None:
        session = runs.start(None).session
        runs.end(session.session_id)
        clock.pass_by(days=2)
        assert runs.sweep() == 0
        kept = found(session.session_id)
        assert kept is not None
        assert kept.status == "ended"

    def test_a_lost_one_in_which_nobody_was_seen_is_deleted_a_day_later(self, app: Flask, clock: Clock) -> None:
        session = runs.start(None).session
        clock.pass_by(seconds=71)
        assert runs.sweep() == 1
        clock.pass_by(hours=23)
        assert runs.forget_empty() == 0  # Rows of it may still wait on a disk.
        clock.pass_by(hours=2)
        assert runs.forget_empty() == 1
        assert found(session.session_id) is None

    def test_a_lost_one_with_a_marker_stays(self, app: Flask, clock: Clock) -> None:
        session = runs.start(None).session
        db.session.add(SessionMarker(session_id=session.session_id, offset_ms=0, label="here"))
        db.session.commit()
        clock.pass_by(days=3)
        runs.sweep()
        assert runs.forget_empty() == 0
        assert found(session.session_id) is not None

    def test_empty_ones_that_ended_or_are_open_stay(self, app: Flask, clock: Clock) -> None:
        ended = runs.start(None).session
        runs.end(ended.session_id)
        clock.pass_by(days=3)
        runs.start(None)
        assert runs.forget_empty() == 0
