from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import event

from tests.support.rows import NOON
from tests.unit.services.conftest import make_user
from tests.unit.services.sessions.conftest import an_identity, set_times
from visionai.errors import ValidationFailed
from visionai.extensions import db
from visionai.services.sessions import listing, runs
from visionai.services.sessions.listing import Wanted

pytestmark = pytest.mark.databases


def titles(wanted: Wanted, limit: int = 100) -> list[str | None]:
    return [one.title for one in listing.sessions_page(wanted, limit, None).sessions]


def make(title: str, minutes: int = 0, user_id: int | None = None, participant: str | None = None) -> None:
    who = None if user_id is None else an_identity(user_id)
    session = runs.start(who, title=title, participant=participant).session
    set_times(session, started_at=NOON + timedelta(minutes=minutes))


def test_sessions_come_newest_first_page_by_page(app: Flask) -> None:
    for title, minutes in (("a", 0), ("b", 0), ("c", -60), ("d", 60), ("e", 0)):
        make(title, minutes)
    found: list[str | None] = []
    cursor = None
    for _ in range(3):
        page = listing.sessions_page(Wanted(), 2, cursor)
        found += [one.title for one in page.sessions]
        cursor = page.next_cursor
    assert cursor is None
    assert found == ["d", "e", "b", "a", "c"]


def test_one_that_starts_meanwhile_does_not_shift_the_next_page(app: Flask) -> None:
    for number in range(3):
        make(str(number), number)
    first = listing.sessions_page(Wanted(), 2, None)
    make("new", 9)
    (last,) = listing.sessions_page(Wanted(), 2, first.next_cursor).sessions
    assert last.title == "0"


def test_those_of_a_user_are_theirs_alone(user_id: int) -> None:
    make("mine", user_id=user_id)
    make("another's", user_id=make_user("otra"))
    make("a receipt's")
    (one,) = listing.sessions_page(Wanted(user_id), 10, None).sessions
    assert (one.title, one.user) == ("mine", "usuario")
    assert sorted(titles(Wanted())) == ["a receipt's", "another's", "mine"]


def test_since_is_inclusive_and_until_is_not(app: Flask) -> None:
    for minutes in (-1, 0, 1, 2):
        make(str(minutes), minutes)
    wanted = Wanted(since=NOON, until=NOON + timedelta(minutes=2))
    assert titles(wanted) == ["1", "0"]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("interview", ["Interview ÁRBOL"]),
        ("INTERVIEW ", ["Interview ÁRBOL"]),
        ("árbol", ["Interview ÁRBOL"]),
        ("p-07", ["Lunch 100%"]),
        ("100%", ["Lunch 100%"]),
        ("l_nch", []),
        ("%", ["Lunch 100%"]),
        ("\\", []),
        ("'; DROP TABLE sessions; --", []),
    ],
)
def test_a_text_is_looked_for_in_title_and_participant(app: Flask, text: str, found: list[str]) -> None:
    make("Interview ÁRBOL")
    make("Lunch 100%", participant="P-07")
    make("", participant=None)
    assert titles(Wanted(text=text)) == found


def test_a_search_looks_through_so_many_sessions_a_page(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(listing, "SEARCHED", 2)
    for minutes, title in enumerate(["lunch 1", "other", "other", "other", "lunch 2"]):
        make(title, minutes)
    found, cursor = [], None
    for _ in range(3):
        page = listing.sessions_page(Wanted(text="lunch"), 1, cursor)
        found.append([one.title for one in page.sessions])
        cursor = page.next_cursor
    assert found == [["lunch 2"], [], ["lunch 1"]]
    assert cursor is None


def test_a_participant_is_all_of_it(app: Flask) -> None:
    for participant in ("P-07", "P-070", "p-07", None):
        make(str(participant), participant=participant)
    assert titles(Wanted(participant="P-07")) == ["P-07"]


@pytest.mark.parametrize("cursor", ["", "x", "MTIzNA", "LTEuLTE", "MS45OTk5OTk5OTk5OTk5OTk5OTk5OTk"])
def test_a_cursor_that_is_not_ours_is_refused(app: Flask, cursor: str) -> None:
    with pytest.raises(ValidationFailed):
        listing.sessions_page(Wanted(), 10, cursor)


def test_the_sessions_of_a_user_with_a_participant_are_found_without_looking_through_those_of_others(
    app: Flask,
) -> None:
    user_id = make_user("ana")
    for number in range(50):
        make(f"theirs {number}", number, user_id if number % 10 == 0 else None, "P-7")
    asked: list[tuple[str, Any]] = []

    def note(_connection: Any, _cursor: Any, statement: str, parameters: Any, *_: object) -> None:
        if "FROM sessions" in statement:
            asked.append((statement, parameters))

    event.listen(db.engine, "before_cursor_execute", note)
    assert len(titles(Wanted(user_id=user_id, participant="P-7"))) == 5
    event.remove(db.engine, "before_cursor_execute", note)
    [(statement, parameters)] = asked
    explain = "EXPLAIN QUERY PLAN" if db.engine.dialect.name == "sqlite" else "EXPLAIN"
    with db.engine.connect() as connection:
        if explain == "EXPLAIN":  # Of a table as small as this, PostgreSQL would read the whole.
            connection.exec_driver_sql("SET LOCAL enable_seqscan = off")
        plan = str(connection.exec_driver_sql(f"{explain} {statement}", parameters).all())
    assert "ix_sessions_user_participant_time" in plan
    assert "Sort" not in plan
