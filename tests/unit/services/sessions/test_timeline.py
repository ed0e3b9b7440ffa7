from __future__ import annotations

import pytest

from tests.support.readings import Reading, record
from tests.unit.services.sessions.conftest import label, set_times
from visionai.contract.schemas.sessions import SessionTimelineSchema
from visionai.contract.sessions import Timeline, timeline_body
from visionai.database.types import utc_now
from visionai.errors import ValidationFailed
from visionai.models import RecordedSession
from visionai.services.sessions import markers, seconds, timeline
from visionai.vision.emotions import EMOTIONS, Emotion

pytestmark = pytest.mark.databases

HAPPY = Emotion.HAPPY.class_index


def points_of(shown: Timeline) -> dict[int, list[tuple[int, int, float]]]:
    """Offset, seconds and score of happiness of each point, by person."""
    return {
        series.lane.person: [(point.offset_ms, point.seconds, round(point.scores[HAPPY], 4)) for point in series.points]
        for series in shown.people
    }


def test_a_point_is_the_mean_of_the_seconds_in_its_step(recorded: RecordedSession) -> None:
    record(recorded, [Reading(300, share=0.8), Reading(1200, share=0.6), Reading(12_000, share=0.9)])
    shown = timeline.timeline(recorded, "10s")
    assert shown.step_seconds == 10
    assert points_of(shown) == {1: [(0, 2, 0.7), (10_000, 1, 0.9)]}


def test_each_person_has_a_series_and_a_step_without_them_no_point(recorded: RecordedSession) -> None:
    record(recorded, [Reading(0), Reading(25_000), Reading(5_000, person=2)])
    assert points_of(timeline.timeline(recorded, "10s")) == {1: [(0, 1, 0.82), (20_000, 1, 0.82)], 2: [(0, 1, 0.82)]}


def test_a_second_of_many_frames_weighs_no_more_than_one_of_few(recorded: RecordedSession) -> None:
    every_frame = [Reading(offset, share=0.9, frames=1) for offset in range(0, 1000, 50)]
    record(recorded, [*every_frame, Reading(1000, share=0.5, frames=1)])
    assert points_of(timeline.timeline(recorded, "10s")) == {1: [(0, 2, 0.7)]}


@pytest.mark.parametrize("step", ["1s", "10s", "1m"])
def test_seconds_of_one_row_and_of_several_are_told_apart_at_every_step(recorded: RecordedSession, step: str) -> None:
    """Steps of a minute have no bit a second; two rows of one second and one of the next are as many as three."""
    record(recorded, [Reading(0, share=0.9), Reading(500, share=0.9), Reading(1000, share=0.3), Reading(61_000)])
    length = {"1s": 1, "10s": 10, "1m": 60}[step]
    gathered = {"1s": [(0, 1, 0.9), (1000, 1, 0.3)], "10s": [(0, 2, 0.6)], "1m": [(0, 2, 0.6)]}[step]
    last = 61 // length * length * 1000
    assert points_of(timeline.timeline(recorded, step)) == {1: [*gathered, (last, 1, 0.82)]}


def test_within_a_second_frames_weigh_alike(recorded: RecordedSession) -> None:
    record(recorded, [Reading(100, share=0.8, frames=3), Reading(600, share=0.4, frames=1)])
    assert points_of(timeline.timeline(recorded, "1s")) == {1: [(0, 1, 0.7)]}


def test_two_numbers_under_one_label_are_one_lane(recorded: RecordedSession) -> None:
    record(recorded, [Reading(0, 2, share=0.8), Reading(5000, 4, share=0.6), Reading(0, 3)])
    label(recorded, p2="Ana", p4="Ana", p3="Luis")
    shown = timeline.timeline(recorded, "10s")
    assert [(one.lane.person, one.lane.persons, one.lane.label) for one in shown.people] == [
        (2, (2, 4), "Ana"),
        (3, (3,), "Luis"),
    ]
    assert points_of(shown) == {2: [(0, 2, 0.7)], 3: [(0, 1, 0.82)]}


def test_a_second_that_two_numbers_of_a_lane_share_counts_once(recorded: RecordedSession) -> None:
    record(recorded, [Reading(100, 1, share=0.8, frames=4), Reading(700, 2, share=0.4, frames=4)])
    label(recorded, p1="Ana", p2="Ana")
    assert points_of(timeline.timeline(recorded, "1s")) == {1: [(0, 1, 0.6)]}


@pytest.mark.parametrize(
    ("person", "numbers"), [("3", (3,)), ("Luis", (3,)), ("4", (1, 4)), ("Ana", (1, 4)), ("77", (2,))]
)
def test_one_person_is_asked_for_by_number_or_label(
    recorded: RecordedSession, person: str, numbers: tuple[int, ...]
) -> None:
    record(recorded, [Reading(0, number) for number in (1, 2, 3, 4)])
    label(recorded, p1="Ana", p4="Ana", p3="Luis", p2="77")
    (series,) = timeline.timeline(recorded, "1s", person).people
    assert series.lane.persons == numbers
    assert len(series.points) == 1


@pytest.mark.parametrize("person", ["9", "Nobody", "-1", "²", "9" * 50])
def test_nobody_of_that_name_is_refused(recorded: RecordedSession, person: str) -> None:
    record(recorded, [Reading()])
    with pytest.raises(ValidationFailed):
        timeline.timeline(recorded, "1s", person)


@pytest.mark.parametrize(
    ("minutes", "step"), [(0, 1), (9, 1), (11, 2), (60, 10), (120, 15), (24 * 60, 300), (31 * 24 * 60, 7200)]
)
def test_auto_gives_at_most_six_hundred_points(recorded: RecordedSession, minutes: int, step: int) -> None:
    set_times(recorded, started_at=utc_now())
    record(recorded, [Reading(0), Reading(minutes * 60_000)])
    assert timeline.timeline(recorded, "auto").step_seconds == step


def test_more_points_than_an_answer_has_are_refused(recorded: RecordedSession, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(timeline, "MOST_POINTS", 5)
    record(recorded, [Reading(second * 1000) for second in range(6)])
    with pytest.raises(ValidationFailed):
        timeline.timeline(recorded, "1s")
    assert timeline.timeline(recorded, "auto").step_seconds == 2
    assert timeline.timeline(recorded, "10s").step_seconds == 10


def test_a_long_session_is_read_in_parts_that_make_the_same_whole(
    recorded: RecordedSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    record(recorded, [Reading(1000 * second, 1 + second % 2, share=0.5 + second / 100) for second in range(40)])
    whole = timeline.timeline(recorded, "10s")
    monkeypatch.setattr(seconds, "ROWS_AT_ONCE", 7)
    assert points_of(timeline.timeline(recorded, "10s")) == points_of(whole)


def test_the_expression_is_the_best_mean_and_uncertain_below_a_half(recorded: RecordedSession) -> None:
    record(recorded, [Reading(0, emotion="sad", share=0.46), Reading(10_000, emotion="fear", share=0.55)])
    (series,) = timeline_body(timeline.timeline(recorded, "10s"))["people"]
    shown = [(point["emotion_name"], point["confidence"], point["uncertain"]) for point in series["points"]]
    assert shown == [("sad", 0.46, True), ("fear", 0.55, False)]


def test_markers_and_gaps_stand_beside(recorded: RecordedSession) -> None:
    marker = markers.add(recorded.session_id, "here", offset_ms=5)
    recorded.gaps = [[1, 2]]
    shown = timeline.timeline(recorded)
    assert (shown.markers, shown.gaps, shown.people) == ([marker], [[1, 2]], [])


def test_the_body_is_what_the_schema_documents(recorded: RecordedSession) -> None:
    record(recorded, [Reading(0), Reading(1000, 2)])
    markers.add(recorded.session_id, "here", offset_ms=5)
    recorded.gaps = [[1, 2]]
    body = timeline_body(timeline.timeline(recorded, "1s"))
    assert SessionTimelineSchema().dump(body) == body


def test_rows_without_scores_are_left_out(recorded: RecordedSession) -> None:
    record(recorded, [Reading()], scores=False)
    (series,) = timeline.timeline(recorded, "1s").people
    assert series.points == []


def test_scores_sum_to_one_in_a_mean(recorded: RecordedSession) -> None:
    record(recorded, [Reading(0, emotion=emotion.value, share=0.6) for emotion in EMOTIONS])
    (series,) = timeline.timeline(recorded, "1s").people
    assert sum(series.points[0].scores) == pytest.approx(1, abs=1e-6)


def test_a_stretch_has_the_points_of_the_steps_that_it_meets(recorded: RecordedSession) -> None:
    record(recorded, [Reading(second * 1000) for second in range(60)])
    shown = timeline.timeline(recorded, "10s", span=(15_000, 30_001))
    assert points_of(shown) == {1: [(10_000, 10, 0.82), (20_000, 10, 0.82), (30_000, 10, 0.82)]}


def test_a_stretch_is_as_fine_as_so_many_points_allow(recorded: RecordedSession) -> None:
    record(recorded, [Reading(second * 1000) for second in (0, 100, 101, 3599)])
    assert timeline.timeline(recorded).step_seconds == 10
    shown = timeline.timeline(recorded, span=(100_000, 400_000))
    assert shown.step_seconds == 1
    assert points_of(shown) == {1: [(100_000, 1, 0.82), (101_000, 1, 0.82)]}


@pytest.mark.parametrize("rows", [1, 7, 1000])
def test_a_stretch_is_the_same_however_many_rows_are_read_at_once(
    recorded: RecordedSession, monkeypatch: pytest.MonkeyPatch, rows: int
) -> None:
    record(recorded, [Reading(second * 1000, person) for second in range(40) for person in (1, 2)])
    monkeypatch.setattr(seconds, "ROWS_AT_ONCE", rows)
    shown = timeline.timeline(recorded, "1s", span=(7000, 19_500))
    assert points_of(shown) == {person: [(second * 1000, 1, 0.82) for second in range(7, 20)] for person in (1, 2)}


def test_a_stretch_in_which_nobody_was_seen_has_no_points(recorded: RecordedSession) -> None:
    record(recorded, [Reading(0), Reading(90_000)])
    assert points_of(timeline.timeline(recorded, span=(10_000, 20_000))) == {1: []}
    assert points_of(timeline.timeline(recorded, span=(10**9, 10**10))) == {1: []}
