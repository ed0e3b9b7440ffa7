from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask

from tests.support.readings import Reading, record
from tests.unit.services.sessions.conftest import set_times
from visionai.contract.session_fields import SessionSource
from visionai.contract.sessions import Marker
from visionai.database.sessions import reading
from visionai.database.types import utc_now
from visionai.errors import NotFound, ValidationFailed
from visionai.extensions import db
from visionai.models import RecordedSession
from visionai.services.sessions import markers, runs

pytestmark = pytest.mark.databases


def of(session: RecordedSession) -> list[Marker]:
    with reading() as changes:
        return markers.listed(changes, session)


def test_a_moment_is_named_by_its_offset(recorded: RecordedSession) -> None:
    marker = markers.add(recorded.session_id, "question 1", offset_ms=61_500)
    assert of(recorded) == [Marker(marker.id, 61_500, "question 1")]


def test_or_by_an_instant(recorded: RecordedSession) -> None:
    assert markers.add(recorded.session_id, "here", at=recorded.started_at + timedelta(seconds=2)).offset_ms == 2000


def test_or_is_the_present(recorded: RecordedSession) -> None:
    assert 3_600_000 <= markers.add(recorded.session_id, "here").offset_ms < 3_660_000


def test_they_are_listed_by_their_moments(recorded: RecordedSession) -> None:
    for offset in (30, 10, 20, 10):
        markers.add(recorded.session_id, "here", offset_ms=offset)
    assert [(marker.offset_ms, marker.id) for marker in of(recorded)] == [(10, 2), (10, 4), (20, 3), (30, 1)]


@pytest.mark.parametrize("offset", [-1, 3_601_000, 2**53, 2**63, 2**200, -(2**63)])
def test_a_moment_outside_is_refused(recorded: RecordedSession, offset: int) -> None:
    ended = set_times(runs.end(recorded.session_id), ended_at=recorded.started_at + timedelta(hours=1))
    with pytest.raises(ValidationFailed):
        markers.add(ended.session_id, "here", offset_ms=offset)


@pytest.mark.parametrize("before", [timedelta(microseconds=1), timedelta(days=1)])
def test_an_instant_before_the_start_is_refused(recorded: RecordedSession, before: timedelta) -> None:
    with pytest.raises(ValidationFailed):
        markers.add(recorded.session_id, "here", at=recorded.started_at - before)


def test_the_end_itself_is_inside(recorded: RecordedSession) -> None:
    ended = set_times(runs.end(recorded.session_id), ended_at=recorded.started_at + timedelta(hours=1))
    assert markers.add(ended.session_id, "end", offset_ms=3_600_000).offset_ms == 3_600_000


def test_a_video_may_be_longer_than_it_took_to_read(app: Flask) -> None:
    session = runs.start(None, source=SessionSource.VIDEO).session
    record(session, [Reading(7_200_000)])
    assert markers.add(session.session_id, "here", offset_ms=7_000_000).offset_ms == 7_000_000


def test_an_instant_of_a_video_is_refused(app: Flask) -> None:
    session = runs.start(None, source=SessionSource.VIDEO).session
    with pytest.raises(ValidationFailed):
        markers.add(session.session_id, "here", at=session.started_at)


def test_a_session_has_so_many_and_no_more(recorded: RecordedSession, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(markers, "MOST_MARKERS", 2)
    for _ in range(2):
        markers.add(recorded.session_id, "here", offset_ms=0)
    with pytest.raises(ValidationFailed):
        markers.add(recorded.session_id, "here", offset_ms=0)


def test_one_is_removed(recorded: RecordedSession) -> None:
    first, second = (markers.add(recorded.session_id, "here", offset_ms=0) for _ in range(2))
    markers.remove(recorded, first.id)
    assert of(recorded) == [second]


@pytest.mark.parametrize("marker_id", [0, 2, 2**63, 2**200])
def test_an_unknown_one_is_not_found(recorded: RecordedSession, marker_id: int) -> None:
    with pytest.raises(NotFound):
        markers.remove(recorded, marker_id)


def test_one_of_another_session_is_not_found(recorded: RecordedSession) -> None:
    marker = markers.add(recorded.session_id, "here", offset_ms=0)
    with pytest.raises(NotFound):
        markers.remove(runs.start(None).session, marker.id)


def test_a_session_that_is_gone_takes_none(recorded: RecordedSession) -> None:
    db.session.delete(db.session.get_one(RecordedSession, recorded.session_id))
    db.session.commit()
    with pytest.raises(NotFound):
        markers.add(recorded.session_id, "here", offset_ms=0)


def test_the_present_is_that_of_the_connection_where_the_clock_was_set_back(recorded: RecordedSession) -> None:
    set_times(recorded, started_at=utc_now() + timedelta(hours=1))
    marker = markers.add(recorded.session_id, "here", offset_ms=5000, present_ms=5000)
    assert marker.offset_ms == 5000
    assert markers.add(recorded.session_id, "here").offset_ms == 0
