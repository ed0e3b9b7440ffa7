from __future__ import annotations

import pytest
from flask import Flask

from tests.support.readings import Reading, record
from tests.unit.services.sessions.conftest import set_times
from visionai.contract.schemas.sessions import ComparisonSchema
from visionai.contract.sessions import comparison_body
from visionai.database.types import utc_now
from visionai.errors import ValidationFailed
from visionai.models import RecordedSession
from visionai.services.sessions import comparison, markers, runs, seconds

pytestmark = pytest.mark.databases


@pytest.fixture
def two(app: Flask, recorded: RecordedSession) -> list[RecordedSession]:
    """Two sessions of 30 s, each with one person who is seen in every second."""
    other = set_times(runs.start(None, title="other").session, started_at=recorded.started_at)
    for session in (recorded, other):
        record(session, [Reading(1000 * second) for second in range(30)])
    return [recorded, other]


def offsets(shown: comparison.Comparison) -> list[list[tuple[int, int]]]:
    return [[(point.offset_ms, point.seconds) for point in one.people[0].points] for one in shown.sessions]


def test_sessions_stand_on_one_clock_from_their_starts(two: list[RecordedSession]) -> None:
    shown = comparison.compare(two, step="10s")
    assert offsets(shown) == [[(0, 10), (10_000, 10), (20_000, 10)]] * 2
    assert [one.uid for one in shown.sessions] == [one.uid for one in two]


@pytest.mark.parametrize("rows", [20_000, 7])
def test_sessions_are_aligned_at_the_first_marker_of_a_label(
    two: list[RecordedSession], rows: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(seconds, "ROWS_AT_ONCE", rows)
    for session, places in zip(two, [(12_000, 25_000), (3500,)], strict=True):
        for place in places:
            markers.add(session.session_id, "question", offset_ms=place)
    two[0].gaps = [[2000, 13_000]]
    shown = comparison.compare(two, "marker:question", "10s")
    assert [one.zero_offset_ms for one in shown.sessions] == [12_000, 3500]
    assert offsets(shown) == [
        [(-20_000, 2), (-10_000, 10), (0, 10), (10_000, 8)],
        [(-10_000, 4), (0, 10), (10_000, 10), (20_000, 6)],
    ]
    assert [marker.offset_ms for marker in shown.sessions[0].markers] == [0, 13_000]
    assert shown.sessions[0].gaps == [[-10_000, 1000]]


def test_a_session_without_the_marker_is_refused(two: list[RecordedSession]) -> None:
    markers.add(two[0].session_id, "question", offset_ms=0)
    with pytest.raises(ValidationFailed):
        comparison.compare(two, "marker:question")


def test_one_step_holds_for_all(two: list[RecordedSession]) -> None:
    set_times(two[1], started_at=utc_now())
    record(two[1], [Reading(3_600_000)])
    assert comparison.compare(two).step_seconds == 10


@pytest.mark.parametrize("count", [0, 1, 9])
def test_too_few_and_too_many_are_refused(app: Flask, count: int) -> None:
    with pytest.raises(ValidationFailed):
        comparison.compare([runs.start(None).session for _ in range(count)])


def test_a_session_is_not_compared_with_itself(recorded: RecordedSession) -> None:
    with pytest.raises(ValidationFailed):
        comparison.compare([recorded, recorded])


def test_the_body_is_what_the_schema_documents(two: list[RecordedSession]) -> None:
    markers.add(two[0].session_id, "here", offset_ms=5)
    body = comparison_body(comparison.compare(two))
    assert ComparisonSchema().dump(body) == body
