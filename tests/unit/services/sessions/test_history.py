from __future__ import annotations

from datetime import timedelta

import pytest

from tests.support.readings import Reading, record
from tests.support.rows import NOON, a_row
from tests.unit.services.conftest import make_user
from tests.unit.services.sessions.conftest import an_identity, set_times
from visionai.errors import ValidationFailed
from visionai.extensions import db
from visionai.models import RecordedSession
from visionai.services.recording.ledger import Ledger
from visionai.services.sessions import history, runs
from visionai.services.sessions.history import Picture

pytestmark = pytest.mark.databases


def a_session(user_id: int, title: str, minutes: int) -> RecordedSession:
    started = runs.start(an_identity(user_id), title=title).session
    return set_times(started, started_at=NOON + timedelta(minutes=minutes))


def a_picture(user_id: int, minutes: int, emotion: str = "happy") -> None:
    row = a_row(emotion, user_id=user_id, timestamp=NOON + timedelta(minutes=minutes), uncertain=False)
    assert Ledger(db.engine).record([row])


def names(page: history.HistoryPage) -> list[str | None]:
    """What stands on a page: the titles of sessions, the emotions of pictures."""
    return [entry.emotion if isinstance(entry, Picture) else entry.title for entry in page.entries]


def all_pages(user_id: int, limit: int) -> list[list[str | None]]:
    """The pages of a history, one after the other."""
    pages, cursor = [], None
    while True:
        page = history.history_page(user_id, limit, cursor)
        pages.append(names(page))
        if page.next_cursor is None:
            return pages
        cursor = page.next_cursor


def test_sessions_and_the_pictures_between_them_come_newest_first(user_id: int) -> None:
    a_picture(user_id, 1, "sad")
    a_session(user_id, "first", 2)
    a_picture(user_id, 3, "fear")
    a_picture(user_id, 4, "angry")
    a_session(user_id, "second", 5)
    assert all_pages(user_id, 10) == [["second", "angry", "fear", "first", "sad"]]
    assert all_pages(user_id, 2) == [["second", "angry"], ["fear", "first"], ["sad"]]


def test_the_readings_of_a_session_are_behind_it_and_not_beside_it(user_id: int) -> None:
    record(a_session(user_id, "one", 0), [Reading(second * 1000) for second in range(5)])
    assert all_pages(user_id, 10) == [["one"]]


def test_what_is_of_one_instant_is_on_one_page_alone(user_id: int) -> None:
    for title in ("a", "b"):
        a_session(user_id, title, 0)
    for emotion in ("sad", "fear"):
        a_picture(user_id, 0, emotion)
    found = [name for page in all_pages(user_id, 1) for name in page]
    assert sorted(map(str, found)) == ["a", "b", "fear", "sad"]


def test_another_users_are_left_out(user_id: int) -> None:
    other = make_user("otra")
    a_session(other, "another's", 0)
    a_picture(other, 1)
    assert all_pages(user_id, 10) == [[]]


@pytest.mark.parametrize("searched", [1, 2, 3, 7])
def test_a_page_that_looks_through_few_rows_may_be_short_and_none_is_lost(
    user_id: int, monkeypatch: pytest.MonkeyPatch, searched: int
) -> None:
    a_picture(user_id, -10, "sad")
    a_session(user_id, "before", -5)
    record(a_session(user_id, "long", 0), [Reading(second * 1000) for second in range(6)])
    a_picture(user_id, 10, "fear")
    monkeypatch.setattr(history, "SEARCHED", searched)
    pages = all_pages(user_id, 10)
    assert [name for page in pages for name in page] == ["fear", "long", "before", "sad"]


@pytest.mark.parametrize("cursor", ["x", "x.", ".x", "..", "1.2.3"])
def test_a_strange_cursor_is_refused(user_id: int, cursor: str) -> None:
    with pytest.raises(ValidationFailed):
        history.history_page(user_id, 10, cursor)
