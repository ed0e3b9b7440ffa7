from __future__ import annotations

from dataclasses import dataclass, field

import pytest

from tests.support.rows import a_row
from visionai.services.recording.readings import MAX_OPEN, Readings
from visionai.services.recording.row import Row
from visionai.vision.emotions import Emotion

HAPPY = (0.0, 0.0, 0.0, 0.8, 0.2, 0.0, 0.0)
SAD = (0.0, 0.0, 0.0, 0.0, 0.1, 0.9, 0.0)
FLAT = (0.15, 0.15, 0.15, 0.15, 0.15, 0.15, 0.1)


@dataclass
class FakeRecorder:
    """Keeps what it is offered, as far as there is room or it was promised."""

    has_room: bool = True
    rows: list[Row] = field(default_factory=list)

    def offer(self, row: Row, *, promised: bool = False) -> bool:
        if self.has_room or promised:
            self.rows.append(row)
        return self.has_room or promised


@pytest.fixture
def recorder() -> FakeRecorder:
    return FakeRecorder()


@pytest.fixture
def readings(recorder: FakeRecorder) -> Readings:
    return Readings(recorder, 1000)


def seen(scores: tuple[float, ...] = HAPPY, track: int = 1, **changes: object) -> tuple[int, Row]:
    return track, a_row(scores=scores, frames=1, **changes)


def test_the_frames_of_a_second_are_one_row_of_mean_scores(readings: Readings, recorder: FakeRecorder) -> None:
    for clock_ms, scores in ((0, HAPPY), (400, SAD), (900, SAD)):
        assert readings.add([seen(scores)], clock_ms, clock_ms / 1000)
    assert recorder.rows == []
    readings.flush()
    (row,) = recorder.rows
    assert row.scores == (0.0, 0.0, 0.0, 0.2667, 0.1333, 0.6, 0.0)
    assert (row.emotion_id, row.confidence, row.frames, row.uncertain) == (Emotion.SAD.id, 0.6, 3, False)


def test_thirty_frames_weigh_no_more_than_three(readings: Readings, recorder: FakeRecorder) -> None:
    for number in range(40 * 30):
        readings.add([seen()], number * 1000 // 30, number / 30)
    readings.flush()
    assert [row.frames for row in recorder.rows] == [30] * 40


def test_a_later_second_ends_the_reading_before(readings: Readings, recorder: FakeRecorder) -> None:
    readings.add([seen(HAPPY)], 999, 0.999)
    readings.add([seen(SAD)], 1000, 1.0)
    assert [row.emotion_id for row in recorder.rows] == [Emotion.HAPPY.id]


def test_two_people_of_a_frame_are_two_rows(readings: Readings, recorder: FakeRecorder) -> None:
    for clock_ms in (0, 500):
        readings.add([seen(HAPPY, 1), seen(SAD, 2)], clock_ms, clock_ms / 1000)
    readings.flush()
    assert [(row.emotion_id, row.frames) for row in recorder.rows] == [(Emotion.HAPPY.id, 2), (Emotion.SAD.id, 2)]


def test_a_person_who_leaves_is_written_when_the_second_of_the_others_ends(
    readings: Readings, recorder: FakeRecorder
) -> None:
    readings.add([seen(HAPPY, 1), seen(SAD, 2)], 0, 0.0)
    readings.add([seen(SAD, 2)], 1000, 1.0)
    assert len(recorder.rows) == 2


def test_frames_of_another_user_session_or_version_are_another_reading(
    readings: Readings, recorder: FakeRecorder
) -> None:
    for changes in ({}, {"user_id": 3}, {"session_id": 5, "person": 1}, {"model_version_tag": "v9.0.0"}):
        readings.add([seen(**changes)], 0, 0.0)
    readings.flush()
    assert [(row.user_id, row.session_id, row.model_version_tag) for row in recorder.rows] == [
        (None, None, "v1.0.0"),
        (3, None, "v1.0.0"),
        (None, 5, "v1.0.0"),
        (None, None, "v9.0.0"),
    ]


def test_a_reading_has_the_time_of_its_first_frame_and_the_offset_of_its_second(
    readings: Readings, recorder: FakeRecorder
) -> None:
    first = seen(session_id=5, person=1, offset_ms=61_234)
    readings.add([first], 61_234, 0.0)
    readings.add([seen(session_id=5, person=1, offset_ms=61_800)], 61_800, 0.5)
    readings.flush()
    (row,) = recorder.rows
    assert (row.timestamp, row.offset_ms) == (first[1].timestamp, 61_000)


def test_no_two_readings_have_one_uid(readings: Readings, recorder: FakeRecorder) -> None:
    row = seen()
    for second in range(3):
        readings.add([row], second * 1000, float(second))
    readings.flush()
    assert len({row.uid for row in recorder.rows}) == 3


def test_a_mean_below_a_half_is_uncertain(readings: Readings, recorder: FakeRecorder) -> None:
    readings.add([seen(FLAT)], 0, 0.0)
    readings.flush()
    assert recorder.rows[0].uncertain is True
    assert recorder.rows[0].emotion_id == Emotion.ANGRY.id


def test_what_nothing_follows_is_written_after_a_moment(readings: Readings, recorder: FakeRecorder) -> None:
    readings.add([seen()], 0, 100.0)
    readings.flush_if_due(101.9)
    assert recorder.rows == []
    readings.flush_if_due(102.0)
    assert len(recorder.rows) == 1
    readings.flush_if_due(103.0)
    assert len(recorder.rows) == 1


def test_where_the_recorder_is_full_a_frame_is_not_counted(readings: Readings, recorder: FakeRecorder) -> None:
    recorder.has_room = False
    assert readings.add([seen()], 0, 0.0) is False
    readings.flush()
    assert recorder.rows == []


def test_what_was_counted_while_there_was_room_is_written_even_where_there_is_none(
    readings: Readings, recorder: FakeRecorder
) -> None:
    readings.add([seen()], 0, 0.0)
    recorder.has_room = False
    readings.flush()
    assert len(recorder.rows) == 1


def test_no_client_has_more_readings_open_than_people_fit_into_a_picture(
    readings: Readings, recorder: FakeRecorder
) -> None:
    assert readings.add([seen(track=number) for number in range(MAX_OPEN)], 0, 0.0) is True
    assert readings.add([seen(track=MAX_OPEN)], 1, 0.001) is False
    readings.flush()
    assert len(recorder.rows) == MAX_OPEN


def test_a_clock_that_goes_back_begins_another_reading(readings: Readings, recorder: FakeRecorder) -> None:
    for clock_ms in (5000, 2000, 2500):
        readings.add([seen(session_id=1, person=1, offset_ms=clock_ms)], clock_ms, 0.0)
    readings.flush()
    assert [(row.offset_ms, row.frames) for row in recorder.rows] == [(5000, 1), (2000, 2)]


def test_with_no_interval_every_face_of_every_frame_is_a_row(recorder: FakeRecorder) -> None:
    readings = Readings(recorder, 0)
    for _ in range(2):
        assert readings.add([seen(HAPPY, 1), seen(SAD, 2)], 0, 0.0) is True
    assert len(recorder.rows) == 4
    recorder.has_room = False
    assert readings.add([seen()], 0, 0.0) is False
