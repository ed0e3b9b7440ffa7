"""What a run of the live page comes to: people, their seconds, gaps, and how fast frames are sent."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.support.scripts import answer_of

HERE = Path(__file__).parent
Frame = tuple[float, Any]


def seen(track: int = 1, emotion: str = "happy", score: float = 0.9, person: int | None = None) -> dict[str, Any]:
    return {"track": track, "person": person, "emotion": emotion, "score": score}


def outcome(*frames: Frame) -> dict[str, Any]:
    (answer,) = answer_of(HERE / "run.mjs", [frames])
    return dict(answer)


def frames(until: float, *faces: dict[str, Any], start: float = 0, every: float = 100) -> list[Frame]:
    return [(start + every * i, list(faces)) for i in range(round((until - start) / every) + 1)]


def test_each_track_is_a_person_with_seconds_of_their_own() -> None:
    both = outcome(*frames(2900, seen(1), seen(2, "sad")), *frames(4900, seen(2, "sad"), start=3000))
    assert [(one["person"], one["seconds"]) for one in both["seen"]] == [(1, 3), (2, 5)]
    assert [one["shares"]["sad"] for one in both["seen"]] == [0, 1]


def test_a_second_is_the_mean_of_its_frames_however_many_there_are() -> None:
    fast = [(i * 10, [seen(emotion="sad")]) for i in range(99)]
    slow = [(1000 + i * 400, [seen(emotion="happy")]) for i in range(3)]
    assert outcome(*fast, *slow)["points"] == [[[0, "sad"], [1000, "happy"]]]


def test_seconds_in_which_most_would_say_something_else_are_uncertain() -> None:
    (one,) = outcome(*frames(900, seen(score=0.45)), *frames(1900, seen(score=0.55), start=1000))["seen"]
    assert one["uncertain_share"] == 0.5


def test_who_is_seen_for_less_than_half_a_second_is_nobody() -> None:
    assert outcome(*frames(400, seen(1)), *frames(1000, start=500))["seen"] == []


def test_the_numbers_of_a_session_are_those_of_its_people() -> None:
    assert [one["person"] for one in outcome(*frames(1000, seen(9, person=4)))["seen"]] == [4]


def test_the_tracks_of_another_connection_are_other_people() -> None:
    people = outcome(*frames(1000, seen(1)), (1050, "reconnected"), *frames(2000, seen(1), start=1100))["seen"]
    assert [one["person"] for one in people] == [1, 2]


def test_a_lane_is_shown_for_a_minute_after_somebody_was_seen() -> None:
    assert outcome(*frames(1000, seen()), *frames(60_000, start=1100))["recent"] == 1
    assert outcome(*frames(1000, seen()), *frames(61_100, start=1100))["recent"] == 0


def test_a_pause_leaves_a_gap_and_a_slow_answer_does_not() -> None:
    assert outcome(*frames(1000, seen()), *frames(5000, seen(), start=2400))["gaps"] == []
    assert outcome(*frames(1000, seen()), *frames(5000, seen(), start=4000))["gaps"] == [[1000, 4000]]


def test_a_long_run_is_kept_in_fewer_points_of_more_seconds() -> None:
    long = outcome(*frames(7_300_000, seen(), every=1000))
    assert long["step"] == 4
    assert len(long["points"][0]) <= 3601
    assert long["seen"][0]["seconds"] == 7301


@pytest.mark.parametrize(
    ("answers", "rests"),
    [
        pytest.param([(9900, 0)], [0], id="fast for ten seconds without a face"),
        pytest.param([(10_000, 0), (10_100, 0), (10_700, 0)], [0, 400, 300], id="then two frames a second"),
        pytest.param([(10_000, 0), (10_600, 1), (10_620, 1)], [0, 0, 0], id="fast at once with a face"),
        pytest.param([(8000, 1), (17_900, 0)], [0, 0], id="ten seconds count from the last face"),
    ],
)
def test_frames_are_sent_slowly_while_nobody_is_seen(answers: list[tuple[int, int]], rests: list[int]) -> None:
    assert answer_of(HERE / "pace.mjs", answers) == rests
