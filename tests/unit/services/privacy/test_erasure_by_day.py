"""Erasure in steps: counters and log agree after each, another process goes on, names are free at once."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from uuid import uuid4

import pytest
from flask import Flask
from sqlalchemy import func, select

from tests.support.rows import a_row
from tests.support.servers import start_server
from tests.unit.services.conftest import Log, make_user
from visionai.contract.session_fields import SessionSource
from visionai.database.sessions import RESUMING_LOCK, alone
from visionai.database.types import utc_now
from visionai.errors import BadCredentials
from visionai.extensions import db
from visionai.models import (
    AuthSession,
    PredictionDaily,
    PredictionHourly,
    PredictionLog,
    PredictionTotal,
    RecordedSession,
    SessionErasure,
    SessionMarker,
    SessionPerson,
    User,
)
from visionai.services.accounts import accounts
from visionai.services.log import retention
from visionai.services.privacy import erasure
from visionai.services.recording.ledger import Ledger
from visionai.services.statistics import queries, rebuild
from visionai.services.statistics.filters import Filters

pytestmark = pytest.mark.databases

PASSWORD = "una frase larga"
PATIENCE_SECONDS = 60.0
MONDAY = datetime(2026, 1, 5, 22, tzinfo=UTC)
TABLES = (PredictionHourly, PredictionDaily, PredictionTotal)


class Died(Exception):
    """The process died."""


@pytest.fixture(autouse=True)
def small_steps(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(erasure, "AT_ONCE", 3)


@pytest.fixture
def between(monkeypatch: pytest.MonkeyPatch) -> Callable[[Callable[[], object]], list[int]]:
    """Have something done after each transaction that erases; returns a list that grows by one each time."""

    def hook(action: Callable[[], object]) -> list[int]:
        steps: list[int] = []

        def done(_seconds: float) -> None:
            steps.append(len(steps))
            action()

        monkeypatch.setattr(erasure, "concurrency", SimpleNamespace(sleep=done))
        return steps

    return hook


@pytest.fixture
def some_days(log: Log, user_id: int) -> None:
    """Rows of five days, of the user, of another one and of nobody, in hours of their own and in the same."""
    another = make_user("otra")
    for number in range(24):
        when = MONDAY + number * timedelta(hours=3, minutes=17)
        log(("happy", "sad", "fear")[number % 3], timestamp=when, user_id=user_id, confidence=0.5 + number / 60)
        log(("sad", "happy")[number % 2], timestamp=when + timedelta(minutes=7), user_id=(another, None)[number % 2])


def count(table: type, *conditions: object) -> int:
    with db.engine.connect() as connection:
        return int(connection.scalar(select(func.count()).select_from(table).where(*conditions)) or 0)


def a_session(user_id: int | None = None, **changes: object) -> RecordedSession:
    session = RecordedSession(uid=uuid4(), user_id=user_id, source=SessionSource.CAMERA, **changes)
    db.session.add(session)
    db.session.commit()
    return session


def a_reading(session: RecordedSession, second: int, **changes: object) -> object:
    moment = MONDAY + timedelta(seconds=second)
    own = {"session_id": session.session_id, "person": 1 + second % 2, "offset_ms": 1000 * second, "frames": 5}
    return a_row(timestamp=moment, **{**own, **changes})


def filled_session(user_id: int | None = None, rows: int = 10, step: int = 9001, **changes: object) -> RecordedSession:
    """A session over some days, with people and a marker."""
    session = a_session(user_id)
    Ledger(db.engine).record([a_reading(session, step * number, user_id=user_id, **changes) for number in range(rows)])
    db.session.add(SessionMarker(session_id=session.session_id, offset_ms=7, label="risa"))
    db.session.commit()
    return session


def test_counters_and_log_agree_after_every_step(
    some_days: None, user_id: int, between: Callable[..., list[int]]
) -> None:
    def agree() -> None:
        assert rebuild.check() == []

    steps = between(agree)
    erasure.delete_predictions(user_id)
    assert len(steps) >= 24 / 3
    assert count(PredictionLog, PredictionLog.user_id == user_id) == 0
    assert queries.stats(Filters()).total_predictions == 24


def test_a_step_erases_rows_of_one_day_alone(
    some_days: None, user_id: int, between: Callable[..., list[int]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(erasure, "AT_ONCE", 1000)
    left: list[set[object]] = []

    def look() -> None:
        with db.engine.connect() as connection:
            theirs = select(PredictionLog.timestamp).where(PredictionLog.user_id == user_id)
            left.append({moment.date() for moment in connection.scalars(theirs)})

    between(look)
    erasure.delete_predictions(user_id)
    assert [len(days) for days in left] == [4, 3, 2, 1, 0]


def test_rows_of_one_moment_are_erased_however_many_they_are(
    log: Log, user_id: int, between: Callable[..., list[int]]
) -> None:
    for _ in range(10):
        log(timestamp=MONDAY, user_id=user_id)
    between(lambda: None)
    erasure.delete_predictions(user_id)
    assert count(PredictionLog) == 0


def test_what_is_left_of_pruned_rows_goes_by_the_day_too(
    some_days: None, user_id: int, between: Callable[..., list[int]]
) -> None:
    retention.prune(MONDAY + timedelta(days=2))

    def agree() -> None:
        assert rebuild.check() == []
        assert queries.stats(Filters()).total_predictions >= 24

    between(agree)
    erasure.delete_predictions(user_id)
    assert queries.stats(Filters()).total_predictions == 24
    assert count(PredictionHourly, PredictionHourly.user_id == user_id) == 0


def test_figures_of_rows_from_after_the_erasure_stay(log: Log, user_id: int) -> None:
    later = utc_now() + timedelta(seconds=2)
    log(timestamp=later - timedelta(seconds=1), user_id=user_id)
    log(timestamp=later, user_id=user_id)
    erasure._change_user(db.session.connection(), user_id, predictions_erased_at=later - timedelta(milliseconds=500))
    db.session.commit()
    erasure.resume()
    assert [queries.stats(Filters(whose)).total_predictions for whose in (user_id, None)] == [1, 1]
    assert rebuild.check() == []


def dies() -> None:
    raise Died


@pytest.mark.parametrize("erase", [erasure.delete_predictions, erasure.delete_user])
def test_what_a_process_did_not_live_to_erase_is_erased_by_the_next(
    some_days: None,
    user_id: int,
    between: Callable[..., list[int]],
    monkeypatch: pytest.MonkeyPatch,
    erase: Callable[[int], None],
) -> None:
    between(dies)
    with pytest.raises(Died):
        erase(user_id)
    assert count(PredictionLog, PredictionLog.user_id == user_id) > 0
    assert rebuild.check() == []
    between(lambda: None)
    assert erasure.resume() == 1
    assert count(PredictionLog, PredictionLog.user_id == user_id) == 0
    assert count(User, User.user_id == user_id) == (erase is erasure.delete_predictions)
    assert all(count(table, table.user_id == user_id) == 0 for table in TABLES)
    assert rebuild.check() == []
    assert erasure.resume() == 0


def test_an_erasure_that_is_asked_for_again_goes_on(
    some_days: None, user_id: int, between: Callable[..., list[int]]
) -> None:
    between(dies)
    with pytest.raises(Died):
        erasure.delete_predictions(user_id)
    between(lambda: None)
    erasure.delete_predictions(user_id)
    assert count(PredictionLog, PredictionLog.user_id == user_id) == 0
    assert rebuild.check() == []


def test_one_process_resumes_at_a_time(app: Flask, user_id: int) -> None:
    if db.engine.dialect.name == "sqlite":
        pytest.skip("SQLite has one process")
    erasure._change_user(db.session.connection(), user_id, deletion_requested_at=utc_now())
    db.session.commit()
    with alone(RESUMING_LOCK):
        assert erasure.resume() == 0
    assert erasure.resume() == 1


def test_two_who_erase_the_same_rows_at_once_count_each_once(
    some_days: None, user_id: int, between: Callable[..., list[int]]
) -> None:
    turns: list[int] = []

    def the_other_too() -> None:
        if not turns:
            turns.append(1)
            erasure._erase_some_of_user(user_id)

    between(the_other_too)
    erasure.delete_predictions(user_id)
    assert rebuild.check() == []
    assert queries.stats(Filters()).total_predictions == 24


def test_a_deleted_account_can_be_registered_again_while_its_rows_are_erased(
    log: Log, between: Callable[..., list[int]]
) -> None:
    first = accounts.register("Usuario", PASSWORD)
    accounts.login("usuario", PASSWORD, None)
    log(user_id=first.user_id)
    again: list[User] = []

    def register() -> None:
        with pytest.raises(BadCredentials):
            accounts.login("usuario", PASSWORD, None)
        assert [user.username for user in accounts.list_users()] == []
        assert queries.users_overview() == []
        again.append(accounts.register("usuario", PASSWORD))
        between(lambda: None)

    between(register)
    erasure.delete_user(first.user_id)
    assert [user.user_id for user in accounts.list_users()] == [again[0].user_id] != [first.user_id]
    assert accounts.login("usuario", PASSWORD, None).user.user_id == again[0].user_id
    assert count(User) == 1


@pytest.mark.parametrize("delay", [timedelta(), timedelta(days=1)])
def test_no_row_of_a_user_who_is_being_deleted_is_let_in_whenever_it_was_made(
    some_days: None, user_id: int, between: Callable[..., list[int]], delay: timedelta
) -> None:
    between(lambda: Ledger(db.engine).record([a_row(user_id=user_id, timestamp=utc_now() + delay)]))
    erasure.delete_user(user_id)
    assert count(PredictionLog) == 24
    assert rebuild.check() == []


def test_a_login_does_not_outlive_the_first_moment(log: Log, between: Callable[..., list[int]]) -> None:
    user = accounts.register("usuario", PASSWORD)
    accounts.login("usuario", PASSWORD, None)
    log(user_id=user.user_id)

    def look() -> None:
        assert count(AuthSession) == 0
        assert db.session.scalars(select(User.hashed_password)).all() == [""]

    assert between(look) == []
    erasure.delete_user(user.user_id)


# Recorded sessions ----------------------------------------------------------------------------------------------------


def test_a_session_goes_with_its_rows_people_and_markers_and_their_share_of_the_figures(
    app: Flask, user_id: int, between: Callable[..., list[int]]
) -> None:
    gone, stays = filled_session(user_id), filled_session(user_id)

    def agree() -> None:
        assert rebuild.check() == []
        assert count(RecordedSession) == count(SessionMarker) == 1

    steps = between(agree)
    erasure.delete_session(gone)
    assert steps
    assert count(PredictionLog) == count(PredictionLog, PredictionLog.session_id == stays.session_id) == 10
    assert count(SessionPerson) == 2
    assert count(SessionErasure) == 0
    assert queries.stats(Filters(user_id)).total_predictions == 10
    assert rebuild.check() == []


def test_a_row_of_a_session_that_arrives_in_between_is_not_let_in(
    app: Flask, between: Callable[..., list[int]]
) -> None:
    session = filled_session()
    late = a_reading(session, 1)
    between(lambda: Ledger(db.engine).record([late]))
    erasure.delete_session(session)
    assert count(PredictionLog) == count(SessionPerson) == 0
    assert queries.stats(Filters()).total_predictions == 0
    assert rebuild.check() == []


def test_readings_without_an_offset_go_too(app: Flask, between: Callable[..., list[int]]) -> None:
    session = a_session()
    Ledger(db.engine).record([a_reading(session, second, offset_ms=None) for second in range(5)])
    between(lambda: None)
    erasure.delete_session(session)
    assert count(PredictionLog) == 0


def test_a_session_that_a_process_did_not_live_to_erase_is_erased_by_the_next(
    app: Flask, between: Callable[..., list[int]]
) -> None:
    session = filled_session()
    between(dies)
    with pytest.raises(Died):
        erasure.delete_session(session)
    assert (count(RecordedSession), count(SessionErasure)) == (0, 1)
    assert rebuild.check() == []
    between(lambda: None)
    assert erasure.resume() == 1
    assert count(PredictionLog) == count(SessionErasure) == 0
    assert rebuild.check() == []


@pytest.mark.parametrize("erase", [erasure.delete_predictions, erasure.delete_user])
def test_the_sessions_of_a_user_go_with_what_was_seen_in_them_without_a_token(
    app: Flask, user_id: int, erase: Callable[[int], None]
) -> None:
    theirs, of_nobody = filled_session(user_id), filled_session()
    Ledger(db.engine).record([a_reading(theirs, 5)])
    erase(user_id)
    assert count(RecordedSession) == count(SessionMarker) == 1
    assert count(PredictionLog) == count(PredictionLog, PredictionLog.session_id == of_nobody.session_id) == 10
    assert rebuild.check() == []


def test_a_session_that_is_begun_while_its_user_is_deleted_goes_too(
    some_days: None, user_id: int, between: Callable[..., list[int]]
) -> None:
    between(lambda: a_session(user_id))
    erasure.delete_user(user_id)
    assert count(RecordedSession) == count(SessionErasure) == 0
    assert count(User, User.user_id == user_id) == 0


def test_erasing_a_session_that_is_gone_changes_nothing(app: Flask) -> None:
    session = filled_session()
    erasure.delete_session(session)
    erasure.delete_session(session)
    assert count(PredictionLog) == 0


def test_a_server_that_has_just_started_goes_on_with_an_erasure(
    some_days: None, app: Flask, user_id: int, tables: str, tmp_path: Path, between: Callable[..., list[int]]
) -> None:
    between(dies)
    with pytest.raises(Died):
        erasure.delete_user(user_id)
    server = start_server(tmp_path / "server", DATABASE_URL=tables)
    deadline = time.monotonic() + PATIENCE_SECONDS
    while count(User, User.user_id == user_id):
        assert time.monotonic() < deadline, "the user is still there"
        time.sleep(0.2)
    assert server.stop() == 0
    assert count(PredictionLog) == 24
    assert rebuild.check() == []


@pytest.mark.parametrize("people", [1, 2])
def test_what_another_user_recorded_into_a_session_leaves_its_counters_with_their_rows(
    app: Flask, user_id: int, between: Callable[..., list[int]], people: int
) -> None:
    guest = make_user("guest")
    session = filled_session(user_id)
    own = Ledger(db.engine)
    own.record([a_reading(session, 100 + second, user_id=guest, person=2 + second % people) for second in range(8)])
    between(lambda: None)
    erasure.delete_predictions(guest)
    db.session.refresh(session)
    assert (session.seconds, session.frames, session.people) == (10, 50, 2)
    by_number = select(SessionPerson.person, SessionPerson.seconds, SessionPerson.last_offset_ms)
    with db.engine.connect() as connection:
        assert [tuple(row) for row in connection.execute(by_number.order_by(SessionPerson.person))] == [
            (1, 5, 8 * 9001 * 1000),
            (2, 5, 9 * 9001 * 1000),
        ]
    assert rebuild.check() == []
