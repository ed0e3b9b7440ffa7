from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest

from visionai.database.types import utc_now
from visionai.services.sessions.holding import Held, Progress
from visionai.streaming.client import run as module
from visionai.streaming.client.run import Run


def a_run(age: float = 0.0, progress: Progress = Progress(), source: str = "camera") -> Run:
    held = Held(1, uuid4(), None, "open", source, None, None, utc_now() - timedelta(seconds=age))
    return Run.of(held, Run.new_holder(), progress)


def test_a_track_is_a_person_and_a_new_one_another() -> None:
    run = a_run()
    assert [run.people([7, 9]), run.people([9]), run.people([9, 8])] == [[1, 2], [2], [2, 3]]


def test_people_are_counted_on_from_those_that_are_recorded() -> None:
    assert a_run(progress=Progress(last_person=4)).people([1]) == [5]


def test_tracks_of_another_tracker_are_other_people() -> None:
    run = a_run()
    run.people([1])
    run.forget_tracks()
    assert run.people([1]) == [2]


def test_beyond_the_most_people_nobody_is_numbered_and_those_who_are_stay() -> None:
    run = a_run(progress=Progress(last_person=module.MOST_PEOPLE - 1))
    assert run.people([1, 2]) == [module.MOST_PEOPLE, None]
    assert run.people([2, 1]) == [None, module.MOST_PEOPLE]


def test_tracks_that_were_not_seen_for_long_are_forgotten_and_those_in_view_are_not() -> None:
    run = a_run()
    run.people([0])
    for track in range(1, module.MOST_TRACKS + 10):
        run.people([0, track])
    assert run.people([0]) == [1]
    assert run.people([1]) == [module.MOST_TRACKS + 11]


def test_the_clock_counts_from_the_start_of_the_session() -> None:
    run = a_run(age=10.0)
    assert run.offset_ms(run.started + 12.5) == 12_500
    assert run.offset_ms(run.started - 1) == 0


def test_the_clock_is_never_behind_what_is_recorded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module.time, "monotonic", lambda: 1000.0)
    run = a_run(age=-3600.0, progress=Progress(last_offset_ms=90_000))
    assert run.offset_ms(1000.0) == 90_000


def test_the_present_of_a_video_is_its_last_frame() -> None:
    run = a_run(source="video")
    assert run.place(run.started + 3, 61_500) == 61_500
    assert run.present_ms(run.started + 60) == 61_500


def test_the_present_of_a_camera_is_now_whatever_its_frames_say() -> None:
    run = a_run()
    run.place(run.started + 3, None)
    assert run.present_ms(run.started + 60) == 60_000
