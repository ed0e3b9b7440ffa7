"""Generated clips: who is to be seen, and what a detector reports of them."""

from __future__ import annotations

from itertools import pairwise
from random import Random

import numpy as np
import pytest

from benchmarks.tracking import clips, scenes
from benchmarks.tracking.clips import Frame, Noise, Place, Scene, box_of, clip, common_area
from visionai.vision.results import Box

PERFECT = Noise(shift=0, growth=0, networks=0, missed=0, away=0, false=0, irregular=0)


def standing(x: float, y: float, side: float) -> clips.Path:
    return lambda _: Place(x, y, side)


def scene(*people: clips.Path, seconds: float = 10) -> Scene:
    return Scene("Somebody", seconds, people)


def test_a_box_lies_about_its_place() -> None:
    assert box_of(Place(100, 50, 40)) == Box(80, 30, 40, 40)


@pytest.mark.parametrize(("other", "area"), [(Box(5, 5, 10, 10), 25), (Box(10, 0, 5, 5), 0), (Box(2, 2, 3, 3), 9)])
def test_the_common_area_of_two_boxes(other: Box, area: int) -> None:
    assert common_area(Box(0, 0, 10, 10), other) == area


def test_without_noise_a_clip_shows_the_truth_at_even_times() -> None:
    frames = clip(scene(standing(100, 100, 50), standing(300, 100, 60)), 5, PERFECT)
    assert [frame.at for frame in frames] == pytest.approx([i / 5 for i in range(50)])
    assert all({face.box for face in frame.faces} == set(frame.truth.values()) for frame in frames)


def test_faces_come_the_largest_first() -> None:
    (frame, *_) = clip(scene(standing(100, 100, 50), standing(300, 100, 60)), 5, PERFECT)
    assert [face.box.width for face in frame.faces] == [60, 50]


@pytest.mark.parametrize(("x", "seen"), [(134, {1}), (136, {1, 2})])
def test_a_face_is_hidden_once_a_larger_one_covers_35_percent_of_it(x: float, seen: set[int]) -> None:
    # The larger box ends at x = 150; of the smaller one's 100 columns 36 or less are before that from x = 164 - 28.
    (frame, *_) = clip(scene(standing(100, 200, 100.4), standing(x + 29, 200, 99.6)), 5, PERFECT)
    assert set(frame.truth) == seen


def test_the_nearer_face_is_never_hidden() -> None:
    frames = clip(scene(standing(100, 200, 100), standing(100, 200, 90)), 5, PERFECT)
    assert all(set(frame.truth) == {1} for frame in frames)


def test_a_seed_gives_the_same_clip_again_and_another_one_another() -> None:
    people = scene(standing(100, 100, 50))
    assert clip(people, 15, seed=3) == clip(people, 15, seed=3) != clip(people, 15, seed=4)


def test_boxes_are_off_by_as_many_pixels_whatever_the_size_of_the_face() -> None:
    noise = Noise(networks=0, missed=0, away=0, false=0)
    people = scene(standing(100, 100, 50), standing(300, 100, 100), standing(500, 300, 200), seconds=100)
    frames = clip(people, 15, noise)
    for number in (1, 2, 3):
        middles = [
            face.box.x + face.box.width / 2 for frame in frames for face in frame.faces if number_of(face) == number
        ]
        assert np.std(middles) == pytest.approx(noise.shift, rel=0.25)


def number_of(face: clips.Face) -> int:
    return face.scores.index(max(face.scores))


def test_nobody_is_missed_for_longer_than_said() -> None:
    frames = clip(scene(standing(100, 100, 50), seconds=60), 30, Noise(false=0, away=1))
    found = [frame.at for frame in frames if frame.faces]
    assert max(after - before for before, after in pairwise(found)) < 0.6 + 2 / 30


@pytest.mark.parametrize(("rate", "missed"), [(5, 0.05), (30, 0.05)])
def test_as_many_are_missed_as_said(rate: int, missed: float) -> None:
    frames = clip(scene(standing(100, 100, 50), seconds=120), rate, Noise(false=0, away=0))
    assert sum(not frame.faces for frame in frames) / len(frames) == pytest.approx(missed, abs=0.03)


def test_false_faces_come_as_often_as_said() -> None:
    frames = clip(scene(seconds=200), 15)
    assert sum(len(frame.faces) for frame in frames) / 200 == pytest.approx(0.3, abs=0.1)


@pytest.mark.parametrize(("people", "moved"), [(2, True), (3, False)])
def test_a_whole_search_frames_one_or_two_faces_in_a_way_of_its_own_twice_a_second(people: int, moved: bool) -> None:
    noise = Noise(shift=0, growth=0, missed=0, away=0, false=0, irregular=0)
    everybody = scene(*(standing(100 + 200 * i, 200, 100) for i in range(people)))
    frames = clip(everybody, 10, noise)
    off = [any(face.box not in frame.truth.values() for face in frame.faces) for frame in frames]
    assert off == [moved and i % 5 == 0 for i in range(100)]


@pytest.mark.parametrize("seed", range(5))
def test_everybody_of_a_crossing_passes_everybody(seed: int) -> None:
    crossing = scenes.five_crossing(20, Random(seed))
    places = [crossing.at(i / 20) for i in range(400)]
    for one in range(1, 6):
        for other in range(1, one):
            assert {place[one].x < place[other].x for place in places} == {True, False}


@pytest.mark.parametrize("seed", range(5))
def test_who_crosses_is_never_hidden_for_longer_than_a_tracker_remembers(seed: int) -> None:
    for made in (scenes.crossing, scenes.five_crossing):
        last: dict[int, float] = {}
        for frame in clip(made(20, Random(seed)), 15, PERFECT):
            assert all(frame.at - last.get(number, frame.at) < 1.2 for number in frame.truth)
            last |= dict.fromkeys(frame.truth, frame.at)


def confidences(frames: list[Frame], *, false: bool = False) -> list[float]:
    """The detector's scores of all faces but those that are there, or of these alone."""
    return [
        face.detection_confidence or 0.0
        for frame in frames
        for face in frame.faces
        if any(common_area(face.box, box) for box in frame.truth.values()) != false
    ]


def test_faces_score_what_was_measured_and_false_ones_less() -> None:
    noise = Noise(false=3)
    few = clip(scene(standing(100, 100, 50), seconds=120), 15, noise)
    many = clip(scene(*(standing(100 + 150 * number, 100, 50) for number in range(3)), seconds=120), 15, noise)
    near, searched, false = (
        np.quantile(each, 0.5) for each in (confidences(few), confidences(many), confidences(many, false=True))
    )
    assert near == pytest.approx(noise.near_scores[2], abs=0.02)
    assert searched == pytest.approx(noise.searched_scores[2], abs=0.02)
    assert false == pytest.approx(noise.false_scores[2], abs=0.02)
