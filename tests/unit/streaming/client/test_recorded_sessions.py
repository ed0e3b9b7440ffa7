"""Recorded sessions over a stream, by a client's session with the native thread in the hands of the test."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from flask import Flask
from sqlalchemy import select, update

from tests.support.hand_engine import HandEngine
from visionai.database.types import utc_now
from visionai.extensions import db
from visionai.models import PredictionLog, RecordedSession, SessionPerson
from visionai.services.accounts import accounts, tokens
from visionai.services.recording.recorder import recorder
from visionai.services.sessions import runs
from visionai.streaming.client.client import Client
from visionai.streaming.client.recorded_sessions import STARTS_PER_MINUTE
from visionai.streaming.clients import Clients

from .conftest import Answers

pytestmark = pytest.mark.databases


@dataclass
class Browser:
    """A client, what it was told, and what it was told without asking."""

    session: Client
    engine: HandEngine
    pushed: Answers
    answers: Answers = field(default_factory=list)

    def ask(self, command: str, **payload: Any) -> dict[str, Any]:
        """Send a command and return the answer's body."""
        self.session.receive(command, payload, lambda *answer: self.answers.append(answer))
        return self.answers[-1][1]

    def frame(self, **payload: Any) -> dict[str, Any]:
        """Send a frame and return its answer."""
        self.session.receive("predict", {"image": b"jpeg", **payload}, lambda *answer: self.answers.append(answer))
        self.engine.work()
        return self.answers[-1][1]

    def start(self, **payload: Any) -> dict[str, Any]:
        """Start a session."""
        return self.ask("session_start", **payload)

    def code(self, command: str, **payload: Any) -> str:
        """Return the code of the error that a command is answered with."""
        code: str = self.ask(command, **payload)["error"]["code"]
        return code


Connect = Callable[..., Browser]


@pytest.fixture
def connect(clients: Clients, engine: HandEngine) -> Connect:
    def connect(token: str | None = None) -> Browser:
        pushed: Answers = []
        session = Client(clients.shared, "ws", "10.1.2.3", "en", lambda *answer: pushed.append(answer), token)
        clients.enter(session)
        return Browser(session, engine, pushed)

    return connect


@pytest.fixture
def visitor(connect: Connect) -> Browser:
    return connect()


@pytest.fixture
def token(app: Flask) -> str:
    return token_of("ana")


def token_of(name: str) -> str:
    accounts.create_user(name, "a good long one")
    return tokens.issue(accounts.login(name, "a good long one", "10.1.2.3")).access_token


def rows() -> list[PredictionLog]:
    assert recorder.flush()
    db.session.rollback()  # SQLite goes on reading what was there when the transaction began.
    return db.session.query(PredictionLog).order_by(PredictionLog.predic_id).all()


def stored(uid: str) -> RecordedSession:
    db.session.rollback()
    return db.session.scalars(select(RecordedSession).where(RecordedSession.uid == UUID(uid))).one()


def test_who_has_no_account_gets_a_receipt_once_and_who_has_one_none(connect: Connect, token: str) -> None:
    anonymous, known = connect().start(title="One"), connect(token).start()
    assert (anonymous["type"], anonymous["status"], anonymous["title"], anonymous["resumed"]) == (
        "session",
        "open",
        "One",
        False,
    )
    assert len(anonymous["receipt"]) >= 32
    assert "receipt" not in known


def test_frames_between_start_and_end_belong_to_the_session_and_others_do_not(visitor: Browser) -> None:
    assert visitor.frame()["faces"][0]["person"] is None
    uid = visitor.start()["uid"]
    assert visitor.frame()["faces"][0]["person"] == 1
    visitor.ask("session_end")
    assert visitor.frame()["faces"][0]["person"] is None
    visitor.session.leave()
    session_id = stored(uid).session_id
    assert [(row.session_id, row.person) for row in rows()] == [(None, None), (session_id, 1), (None, None)]


def test_the_end_sums_up_what_was_seen(visitor: Browser) -> None:
    uid = visitor.start(participant="P-07")["uid"]
    for offset_ms in (0, 400, 1200, 2500):
        visitor.frame(offset_ms=offset_ms)
    summary = visitor.ask("session_end")
    assert (summary["type"], summary["status"], summary["uid"], summary["participant"]) == (
        "session",
        "ended",
        uid,
        "P-07",
    )
    assert (summary["seconds"], summary["frames"]) == (3, 4)
    assert [person["person"] for person in summary["people"]] == [1]


def test_a_videos_own_time_is_kept_by_seconds(visitor: Browser) -> None:
    visitor.start(source="video")
    for offset_ms in (61_000, 61_900, 5_000):
        visitor.frame(offset_ms=offset_ms)
    visitor.ask("session_end")
    assert [(row.offset_ms, row.frames) for row in rows()] == [(61_000, 2), (5_000, 1)]


@pytest.mark.parametrize("offset", [-1, 1.5e15, "0", True, [], float("nan")])
def test_an_offset_that_is_none_is_refused(visitor: Browser, offset: object) -> None:
    visitor.start()
    assert visitor.frame(offset_ms=offset)["error"]["code"] == "validation_failed"


def test_a_frame_that_is_not_to_be_recorded_leaves_nothing_in_the_session(visitor: Browser) -> None:
    visitor.start()
    visitor.frame(record=False)
    assert visitor.ask("session_end")["seconds"] == 0


def test_starting_again_ends_the_session_before(visitor: Browser) -> None:
    first, second = visitor.start()["uid"], visitor.start()["uid"]
    assert (stored(first).status, stored(second).status) == ("ended", "open")


@pytest.mark.parametrize("command", ["session_end", "marker"])
def test_without_a_session_there_is_nothing_to_end_or_mark(visitor: Browser, command: str) -> None:
    assert visitor.code(command, label="x") == "no_session"


def test_a_marker_is_at_the_present_moment(visitor: Browser) -> None:
    visitor.start()
    visitor.frame()
    marked = visitor.ask("marker", label="Now")
    assert (marked["type"], marked["status"], marked["label"]) == ("marker", "success", "Now")
    assert 0 <= marked["offset_ms"] < 60_000


def test_a_marker_of_a_video_is_at_its_last_frame_or_at_the_moment_that_it_names(visitor: Browser) -> None:
    visitor.start(source="video")
    visitor.frame(offset_ms=90_000)
    assert visitor.ask("marker", label="Scene 3")["offset_ms"] == 90_000
    assert visitor.ask("marker", label="Scene 2", offset_ms=1_500)["offset_ms"] == 1_500


def test_a_marker_beyond_the_present_is_refused(visitor: Browser) -> None:
    visitor.start()
    assert visitor.code("marker", label="x", offset_ms=3_600_000) == "validation_failed"


@pytest.mark.parametrize(
    "payload",
    [{}, {"label": ""}, {"label": "x" * 10_000}, {"label": 5}, {"label": "a\0b"}, {"label": "x", "offset_ms": -1}],
)
def test_a_marker_that_does_not_fit_is_refused(visitor: Browser, payload: dict[str, Any]) -> None:
    visitor.start()
    assert visitor.code("marker", **payload) == "validation_failed"


@pytest.mark.parametrize(
    "payload",
    [
        {"title": "x" * 10_000},
        {"title": "\ud800"},
        {"participant": 7},
        {"source": "api"},
        {"session": "no uid"},
        {"session": 5},
        {"receipt": ["x"]},
    ],
)
def test_a_start_that_does_not_fit_is_refused(visitor: Browser, payload: dict[str, Any]) -> None:
    assert visitor.code("session_start", **payload) == "validation_failed"


def test_who_comes_back_goes_on_with_people_and_clock(connect: Connect) -> None:
    first = connect()
    begun = first.start()
    first.frame(offset_ms=5_500)
    first.session.leave()
    second = connect()
    resumed = second.start(session=begun["uid"], receipt=begun["receipt"])
    assert (resumed["uid"], resumed["resumed"], resumed.get("receipt")) == (begun["uid"], True, None)
    assert second.frame()["faces"][0]["person"] == 2
    second.session.leave()
    assert [(row.person, row.offset_ms >= 5_000) for row in rows()] == [(1, True), (2, True)]


def test_the_hole_of_a_client_that_was_away_is_a_gap(connect: Connect) -> None:
    begun = connect().start()
    earlier = utc_now() - timedelta(seconds=20)
    db.session.execute(update(RecordedSession).values(started_at=earlier, seen_at=earlier + timedelta(seconds=5)))
    db.session.commit()
    connect().start(session=begun["uid"], receipt=begun["receipt"])
    [(start, end)] = stored(begun["uid"]).gaps
    assert start == 5_000
    assert 20_000 <= end < 60_000


def test_a_gap_begins_where_the_last_reading_ended(connect: Connect) -> None:
    first = connect()
    begun = first.start()
    first.frame(offset_ms=8_400)
    first.session.leave()
    assert rows()
    earlier = utc_now() - timedelta(seconds=30)
    db.session.execute(update(RecordedSession).values(started_at=earlier, seen_at=earlier + timedelta(seconds=5)))
    db.session.commit()
    connect().start(session=begun["uid"], receipt=begun["receipt"])
    assert [start for start, _ in stored(begun["uid"]).gaps] == [9_000]


def test_a_video_that_is_gone_on_with_has_no_gap(connect: Connect) -> None:
    begun = connect().start(source="video")
    earlier = utc_now() - timedelta(seconds=30)
    db.session.execute(update(RecordedSession).values(started_at=earlier, seen_at=earlier))
    db.session.commit()
    connect().start(session=begun["uid"], receipt=begun["receipt"])
    assert stored(begun["uid"]).gaps == []


def test_of_two_connections_the_newer_has_the_session_and_the_older_is_told(connect: Connect) -> None:
    older, newer = connect(), connect()
    begun = older.start()
    older.frame()
    newer.start(session=begun["uid"], receipt=begun["receipt"])
    assert older.pushed == [("session", {"type": "session", "status": "moved", "uid": begun["uid"]})]
    assert older.frame()["faces"][0]["person"] is None
    assert newer.frame()["faces"][0]["person"] == 2
    assert older.code("session_end") == "no_session"


def test_one_connection_may_take_up_its_own_session_again(visitor: Browser) -> None:
    begun = visitor.start()
    visitor.frame()
    assert visitor.start(session=begun["uid"], receipt=begun["receipt"])["status"] == "open"
    assert visitor.frame()["faces"][0]["person"] == 2


@pytest.mark.parametrize("receipt", [None, "", "guessed", "x" * 200])
def test_a_session_of_others_is_not_found(connect: Connect, receipt: str | None) -> None:
    begun = connect().start()
    assert connect().code("session_start", session=begun["uid"], receipt=receipt) == "not_found"


def test_an_unknown_session_is_not_found_and_an_ended_one_says_so(visitor: Browser) -> None:
    begun = visitor.start()
    visitor.ask("session_end")
    assert visitor.code("session_start", session=str(uuid4())) == "not_found"
    assert visitor.code("session_start", session=begun["uid"], receipt=begun["receipt"]) == "session_ended"


def test_an_account_goes_on_without_a_receipt_and_another_one_cannot(connect: Connect, token: str) -> None:
    begun = connect(token).start()
    assert connect(token_of("eva")).code("session_start", session=begun["uid"]) == "not_found"
    assert connect(token).start(session=begun["uid"])["resumed"] is True


def test_frames_of_somebody_else_do_not_enter_the_session_of_an_account(connect: Connect, token: str) -> None:
    visitor = connect(token)
    visitor.start()
    assert visitor.frame(token=token_of("eva"))["faces"][0]["person"] is None
    assert visitor.frame()["faces"][0]["person"] == 1


def test_whose_token_is_revoked_leaves_the_session_of_the_account(connect: Connect, token: str) -> None:
    visitor = connect(token)
    begun = visitor.start()
    accounts.logout(tokens.identify(token).session_id)
    visitor.session.check_token(float("inf"))
    assert [event for event, _ in visitor.pushed] == ["session", "auth"]
    assert visitor.frame()["faces"][0]["person"] is None
    assert stored(begun["uid"]).status == "open"


def test_a_client_that_starts_without_end_is_bounded(visitor: Browser) -> None:
    answers = [visitor.start() for _ in range(STARTS_PER_MINUTE + 1)]
    assert [answer["status"] for answer in answers] == ["open"] * STARTS_PER_MINUTE + ["error"]
    assert answers[-1]["error"]["code"] == "rate_limited"
    assert db.session.query(RecordedSession).filter_by(status="open").count() == 1


def test_a_session_that_was_deleted_meanwhile_is_lost_to_its_client_and_takes_no_rows(
    visitor: Browser, clients: Clients
) -> None:
    uid = visitor.start()["uid"]
    visitor.frame()
    db.session.delete(stored(uid))
    db.session.commit()
    clients.keep_sessions()
    assert visitor.pushed == [("session", {"type": "session", "status": "lost", "uid": uid})]
    visitor.session.leave()
    assert rows() == []


def test_a_session_that_another_process_took_is_lost_to_its_client(visitor: Browser, clients: Clients) -> None:
    uid = visitor.start()["uid"]
    runs.resume(stored(uid), uuid4())
    clients.keep_sessions()
    assert [body["status"] for _, body in visitor.pushed] == ["lost"]


def test_a_session_whose_client_is_there_is_kept_and_one_whose_client_is_gone_is_lost(
    connect: Connect, clients: Clients
) -> None:
    here, gone = connect(), connect()
    kept, lost = here.start()["uid"], gone.start()["uid"]
    gone.frame()
    clients.leave(gone.session)
    assert rows()
    late = utc_now() - timedelta(seconds=71)
    db.session.execute(update(RecordedSession).values(seen_at=late, started_at=late))
    db.session.commit()
    clients.keep_sessions()
    runs.sweep()
    assert (stored(kept).status, stored(lost).status) == ("open", "lost")
    assert stored(lost).ended_at == stored(lost).seen_at


def test_a_session_outlives_a_database_that_was_away_for_long(visitor: Browser, clients: Clients) -> None:
    uid = visitor.start()["uid"]
    visitor.frame()
    late = utc_now() - timedelta(seconds=300)
    db.session.execute(update(RecordedSession).values(seen_at=late, started_at=late))
    db.session.execute(update(SessionPerson).values(last_offset_ms=0))
    db.session.commit()
    visitor.session.hold(visitor.session.run)
    assert recorder.flush()
    runs.sweep()
    clients.keep_sessions()
    assert visitor.pushed == []
    assert (stored(uid).status, stored(uid).ended_at) == ("open", None)


def test_when_the_thread_was_given_up_whoever_is_seen_then_is_somebody_new(
    visitor: Browser, engine: HandEngine
) -> None:
    visitor.start()
    visitor.frame()
    engine.failure = ZeroDivisionError()
    visitor.frame()
    engine.failure = None
    assert visitor.frame()["faces"][0]["person"] == 2
