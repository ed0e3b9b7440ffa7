"""The headline of the live page stays with a person."""

from __future__ import annotations

import math
from itertools import pairwise
from pathlib import Path

import pytest

from benchmarks.tracking import clips, scenes
from tests.support.scripts import answer_of
from visionai.vision.tracking.tracker import FaceTracker

SCRIPT = Path(__file__).with_name("headline.mjs")
Seen = tuple[float, list[tuple[int | None, int]]]
"""The millisecond of a frame, and the track and side of every face."""


def shown(*frames: Seen) -> list[int | None]:
    """Return the track that the headline speaks of in each frame."""
    (faces,) = answer_of(SCRIPT, [frames])
    return [face and face[0] for face in faces]


def changes(tracks: list[int | None]) -> int:
    """Return how often the headline goes from one person to another."""
    people = [track for track in tracks if track is not None]
    return sum(before != after for before, after in pairwise(people))


def test_nobody_is_nobody() -> None:
    assert shown((0, []), (100, [])) == [None, None]


def test_one_face_is_spoken_of_at_once() -> None:
    assert shown((0, []), (100, [(1, 80)])) == [None, 1]


def test_who_takes_the_place_of_the_only_face_is_spoken_of_at_once() -> None:
    assert shown((0, [(1, 80)]), (100, [(2, 80)])) == [1, 2]


def test_the_first_of_several_is_the_largest() -> None:
    assert shown((0, [(1, 80), (2, 90)])) == [2]


def test_a_little_larger_is_no_reason_to_change() -> None:
    assert set(shown(*((100 * i, [(1, 100), (2, 100 + 20 * (i % 2))]) for i in range(50)))) == {1}


@pytest.mark.parametrize(("seconds", "expected"), [(0.9, 1), (1.0, 2)])
def test_somebody_clearly_larger_is_spoken_of_after_a_second(seconds: float, expected: int) -> None:
    before = (0.0, [(1, 100)])
    after = [(100.0 + 100 * i, [(2, 130), (1, 100)]) for i in range(round(seconds * 10) + 1)]
    assert shown(before, *after)[-1] == expected


def test_two_who_take_turns_in_being_clearly_larger_do_not_add_up() -> None:
    frames = [(100 * i, [(1, 100), (2 + i // 8 % 2, 130), (3 - i // 8 % 2, 90)]) for i in range(1, 33)]
    assert set(shown((0, [(1, 100)]), *frames)) == {1}


def test_somebody_missing_for_half_a_second_is_waited_for() -> None:
    both, other = [(1, 100), (2, 90)], [(2, 90)]
    frames = [(100 * i, other if 1 <= i <= 5 else both) for i in range(8)]
    assert shown(*frames) == [1] * 8


def test_somebody_gone_for_a_second_is_not() -> None:
    both, other = [(1, 100), (2, 90)], [(2, 90)]
    assert shown(*((100 * i, other if i else both) for i in range(11)))[-1] == 2


def test_who_is_missing_is_spoken_of_by_their_last_face() -> None:
    ((first, second),) = answer_of(SCRIPT, [[(0, [(1, 100), (2, 90)]), (100, [(2, 91)])]])
    assert first == second == [1, 100]


def test_faces_without_tracks_are_the_largest_of_each_frame() -> None:
    ((first, second),) = answer_of(SCRIPT, [[(0, [(None, 100), (None, 90)]), (100, [(None, 70), (None, 110)])]])
    assert (first, second) == ([None, 100], [None, 110])


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("rate", clips.RATES)
def test_it_stays_with_one_of_two_who_sway(rate: int, seed: int) -> None:
    tracker = FaceTracker()
    frames = [
        (1000 * frame.at, [(one.track_id, one.face.box.width) for one in tracker.update(frame.faces, frame.at)])
        for frame in clips.clip(scenes.two_sway(10), rate, seed=seed)
    ]
    assert changes(shown(*frames)) == 0


def test_it_stays_with_one_of_two_of_one_size_who_take_turns_in_being_larger() -> None:
    sides = ((round(100 + 8 * math.sin(i / 3)), round(100 - 8 * math.sin(i / 3))) for i in range(150))
    frames = [(1000 * i / 15, [(1, one), (2, other)]) for i, (one, other) in enumerate(sides)]
    assert changes(shown(*frames)) == 0
