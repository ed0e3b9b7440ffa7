"""Several faces keep their numbers while they sway, cross and are lost for a moment."""

import math
import random
from dataclasses import replace

import pytest

from benchmarks.tracking import clips, identity, scenes
from visionai.vision.results import Box, Face
from visionai.vision.tracking.tracker import FaceTracker, Tracking

SCORES = (0.1, 0.1, 0.1, 0.4, 0.1, 0.1, 0.1)


def face(x, y=100, side=80):
    return Face(Box(x, y, side, side), 0.9, SCORES, uncertain=False)


@pytest.fixture
def tracker():
    return FaceTracker()


def ids(shown):
    return [tracked.track_id for tracked in shown]


def followed(scene, rate, seed=7):
    """Return the moments of a clip, as the metrics take them."""
    tracker = FaceTracker()
    return [
        (frame.truth, {shown.track_id: shown.face.box for shown in tracker.update(frame.faces, frame.at)})
        for frame in clips.clip(scene, rate, seed=seed)
    ]


@pytest.mark.parametrize("rate", clips.RATES)
@pytest.mark.parametrize("scene", [scenes.two_sway(), scenes.five_sway()], ids=lambda scene: scene.name)
def test_people_who_sway_for_a_minute_keep_their_numbers(scene, rate):
    assert identity.switches(followed(scene, rate)) == 0


@pytest.mark.parametrize("rate", clips.RATES)
def test_two_who_cross_once_keep_their_numbers(rate):
    assert identity.switches(followed(scenes.crossing(4), rate)) == 0


@pytest.mark.parametrize("rate", clips.RATES)
def test_who_returns_after_longer_than_the_memory_is_a_new_number(rate):
    tracker = FaceTracker()
    before, after = set(), set()
    for frame in clips.clip(scenes.returning(), rate, clips.Noise(false=0)):
        numbers = ids(tracker.update(frame.faces, frame.at))
        (before if frame.at < 7.5 else after).update(numbers)
    assert before.isdisjoint(after)


@pytest.mark.parametrize("seed", [3, 5])
@pytest.mark.parametrize("rate", clips.RATES)
def test_two_who_cross_again_and_again_at_a_drawn_pace_keep_their_numbers(rate, seed):
    assert identity.switches(followed(scenes.crossing(24, random.Random(seed)), rate, seed)) == 0


def test_five_who_cross_mostly_keep_their_numbers():
    assert identity.idf1(followed(scenes.five_crossing(24), 15)) >= 0.9


@pytest.mark.parametrize("rate", [5, 10, 30])
def test_who_leans_quickly_towards_the_camera_and_back_keeps_their_number(tracker, rate):
    seen = set()
    for i in range(2 * rate):
        # From 80 to 160 pixels in half a second, as from a metre to half of one, and back.
        wide = round(80 * 2 ** ((1 - math.cos(2 * math.pi * i / rate)) / 2))
        seen.update(ids(tracker.update([face(300 - wide // 2, 240 - wide // 2, wide)], i / rate)))
    assert seen == {1}


@pytest.mark.parametrize("rate", [5, 15, 30])
@pytest.mark.parametrize("seconds", [0.4, 0.8, 1.0])
def test_who_turns_away_beside_another_and_turns_back_keeps_their_number(tracker, rate, seconds):
    stays, turns = face(100), face(300)
    away = range(rate, rate + round(seconds * rate))
    for i in range(3 * rate):
        numbers = ids(tracker.update([stays] if i in away else [stays, turns], i / rate))
    assert numbers == [1, 2]


def test_a_face_that_is_not_there_does_not_take_the_track_of_who_is_turned_away(tracker):
    for i in range(15):
        tracker.update([face(300)], i / 15)
    tracker.update([face(345, 130, 84)], 1.0)
    assert ids(tracker.update([face(301)], 1.2)) == [1]


def test_who_leaves_and_returns_after_the_memory_is_a_new_number_beside_one_who_stayed(tracker):
    stays, leaves = face(100), face(300)
    for i in range(30):
        tracker.update([stays, leaves] if i < 10 else [stays], i / 10)
    assert ids(tracker.update([stays, leaves], 3.0)) == [1, 3]


def test_two_who_exchange_places_while_nobody_sees_them_are_taken_for_each_other(tracker):
    left, right = face(100), face(300)
    tracker.update([left, right], 0)
    tracker.update([], 0.5)
    assert ids(tracker.update([right, left], 1.0)) == [2, 1]


def test_two_of_different_sizes_who_exchange_near_places_while_nobody_sees_them_are_told_apart(tracker):
    near, far = face(100, side=100), face(220, side=70)
    for i in range(10):
        tracker.update([near, far], i / 10)
    near, far = face(200, side=100), face(110, side=70)
    assert ids(tracker.update([near, far], 1.9)) == [1, 2]


def test_sixteen_faces_keep_their_numbers_whatever_their_order(tracker):
    faces = [face(100 * (i % 4), 100 * (i // 4)) for i in range(16)]
    numbers = dict(zip(faces, ids(tracker.update(faces, 0)), strict=True))
    mixed = random.Random(7).sample(faces, 16)
    assert ids(tracker.update(mixed, 0.1)) == [numbers[one] for one in mixed]


def test_identical_boxes_are_as_many_faces(tracker):
    faces = [face(100)] * 5
    assert ids(tracker.update(faces, 0)) == [1, 2, 3, 4, 5]
    assert sorted(ids(tracker.update(faces, 0.1))) == [1, 2, 3, 4, 5]


def test_a_camera_that_moves_past_half_the_distance_of_two_exchanges_nobody(tracker):
    tracker.update([face(100), face(200)], 0)
    assert ids(tracker.update([face(160), face(260)], 0.1)) == [1, 2]


def test_frames_at_irregular_times_go_by_their_seconds(tracker):
    random_times = random.Random(3)
    now, seen = 0.0, set()
    for _ in range(200):
        seen.update(ids(tracker.update([face(round(100 + 120 * now))], now)))
        now += random_times.uniform(0.01, 0.3)
    assert seen == {1}


def test_a_clock_that_stands_still_harms_nothing(tracker):
    assert [ids(tracker.update([face(100 + i), face(300 + i)], 5.0)) for i in range(20)] == [[1, 2]] * 20


def test_who_is_gone_when_the_clock_steps_back_is_forgotten_all_the_same(tracker):
    tracker.update([face(100), face(400)], 1000.0)
    for i in range(20):
        tracker.update([face(100)], i / 10)
    assert ids(tracker.update([face(100), face(400)], 2.0)) == [1, 3]


def test_empty_frames_leave_nothing_to_follow(tracker):
    assert [tracker.update([], i / 10) for i in range(3)] == [()] * 3


@pytest.mark.parametrize("seed", range(20))
def test_no_number_is_given_to_two_faces_of_a_frame_or_given_again_after_it_was_forgotten(seed):
    chance, tracker, now = random.Random(seed), FaceTracker(), 0.0
    last_seen, memory = {}, Tracking().forget_after
    for _ in range(100):
        now += chance.choice((0, 0.03, 0.2, 1.9))
        faces = [
            face(chance.randrange(640), chance.randrange(480), chance.choice((0, 20, 80, 200)))
            for _ in range(chance.randrange(17))
        ]
        numbers = ids(tracker.update(faces, now))
        assert len(set(numbers)) == len(faces)
        assert all(number > 0 and now - last_seen.get(number, now) <= memory for number in numbers)
        last_seen |= dict.fromkeys(numbers, now)


def test_the_scores_of_one_face_are_not_those_of_the_one_it_crosses():
    tracker = FaceTracker()
    for i in range(40):
        left = face(100 + 8 * i, 100)
        right = replace(face(420 - 8 * i, 118), scores=(0.4, *SCORES[:3], *SCORES[4:]))
        shown = tracker.update([right, left] if i % 2 else [left, right], i / 15)
    by_number = {tracked.track_id: tracked.scores for tracked in shown}
    assert by_number[1] == pytest.approx(SCORES)
