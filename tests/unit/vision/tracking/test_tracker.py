"""A face keeps its track while it stays, and its label does not flicker."""

import math

import pytest

from visionai.vision.emotions import EMOTIONS, Emotion
from visionai.vision.priors import Prior
from visionai.vision.results import Box, Face
from visionai.vision.tracking.tracker import FaceTracker, Tracking

FRAME = 1 / 30


def face(x=100, y=100, side=80, confidence=0.9, **scores):
    scores = scores or {"neutral": 1.0}
    rest = (1 - sum(scores.values())) / (len(EMOTIONS) - len(scores))
    values = tuple(scores.get(emotion.value, rest) for emotion in EMOTIONS)
    return Face(Box(x, y, side, side), confidence, values, uncertain=False)


@pytest.fixture
def tracker():
    return FaceTracker()


def ids(shown):
    return [tracked.track_id for tracked in shown]


# Who is who ---------------------------------------------------------------------------------------------------------


def test_a_face_that_stays_keeps_its_track(tracker):
    assert [ids(tracker.update([face(x=100 + i % 3)], i * FRAME)) for i in range(60)] == [[1]] * 60


def test_a_face_that_walks_across_the_picture_keeps_its_track(tracker):
    assert {ids(tracker.update([face(x=20 * i)], i * FRAME))[0] for i in range(30)} == {1}


@pytest.mark.parametrize("fps", [8, 15, 30])
def test_a_head_that_shakes_quickly_keeps_its_track(tracker, fps):
    places = [round(300 + 150 * math.sin(2 * math.pi * i / fps)) for i in range(3 * fps)]
    assert {ids(tracker.update([face(x=x)], i / fps))[0] for i, x in enumerate(places)} == {1}


def test_a_face_of_a_recording_that_is_sent_thirteen_times_too_fast_keeps_its_track(tracker):
    shown = set()
    for number in range(480):
        turn = 2 * math.pi * number / 48
        moved = face(x=300 + round(90 * math.sin(turn)), y=200 + round(40 * math.sin(2 * turn)), side=105)
        shown.update(ids(tracker.update([moved], number * 0.005)))
    assert shown == {1}


def test_two_faces_keep_their_tracks_whatever_their_order(tracker):
    left, right = face(x=50), face(x=300)
    assert ids(tracker.update([left, right], 0)) == [1, 2]
    assert ids(tracker.update([right, left], FRAME)) == [2, 1]


def test_a_face_between_two_tracks_continues_the_nearer(tracker):
    tracker.update([face(x=100), face(x=150)], 0)
    assert ids(tracker.update([face(x=140)], FRAME)) == [2]


def test_where_a_face_is_missed_one_that_the_detector_doubts_beside_it_is_not_taken_for_it(tracker):
    for number in range(10):
        tracker.update([face(x=300)], number * FRAME)
    # Neither is where the track expects a face: what the detector is sure of may be a little further away.
    made_up, true = face(x=324, confidence=0.65), face(x=274)
    assert ids(tracker.update([made_up, true], 10 * FRAME)) == [2, 1]


def test_who_is_missed_right_after_coming_keeps_the_track(tracker):
    tracker.update([face()], 0)
    for number in range(1, 30):
        tracker.update([], number / 30)
    assert ids(tracker.update([face()], 1)) == [1]


def test_a_face_that_the_detector_doubted_once_and_that_is_gone_again_is_continued_by_nobody(tracker):
    tracker.update([face(confidence=0.65)], 0)
    for number in range(1, 30):
        tracker.update([], number / 30)
    assert ids(tracker.update([face(x=110)], 1)) == [2]


@pytest.mark.parametrize("fps", [15, 30, 120])
def test_who_comes_with_the_head_turned_away_keeps_the_track_however_many_frames_that_is(tracker, fps):
    assert ids(tracker.update([face(confidence=0.6)], 0)) == [1]
    for number in range(1, round(0.4 * fps)):
        tracker.update([], number / fps)
    assert ids(tracker.update([face()], 0.4)) == [1]


def test_a_new_face_gets_a_new_track(tracker):
    tracker.update([face(x=50)], 0)
    assert ids(tracker.update([face(x=50), face(x=400)], FRAME)) == [1, 2]


def test_a_much_smaller_face_at_the_same_place_is_another(tracker):
    tracker.update([face(side=90)], 0)
    assert ids(tracker.update([face(x=130, y=130, side=30)], FRAME)) == [2]


def test_a_short_gap_does_not_end_a_track(tracker):
    tracker.update([face()], 0)
    tracker.update([], 0.3)
    assert ids(tracker.update([face(x=110)], 0.8)) == [1]


def test_a_long_gap_ends_a_track_and_its_id_never_comes_back(tracker):
    tracker.update([face()], 0)
    tracker.update([], 0.5)
    assert ids(tracker.update([face()], 1.7)) == [2]


def test_the_longer_a_face_was_hidden_the_further_it_may_have_gone():
    here, there = face(x=100), face(x=200)
    at_once, later = FaceTracker(), FaceTracker()
    at_once.update([here], 0)
    later.update([here], 0)
    assert ids(at_once.update([there], FRAME)) == [2]
    assert ids(later.update([there], 0.9)) == [1]


def test_tracks_are_bounded():
    tracker = FaceTracker(Tracking(most_tracks=3))
    tracker.update([face(x=200 * i) for i in range(5)], 0)
    assert ids(tracker.update([face(x=200 * i) for i in range(5)], FRAME)) == [1, 2, 3, 6, 7]


def test_a_clock_that_steps_back_harms_nothing(tracker):
    tracker.update([face()], 10)
    assert ids(tracker.update([face()], 9)) == [1]


# Where to look ------------------------------------------------------------------------------------------------------


def test_the_first_frame_calls_for_a_full_search(tracker):
    assert tracker.near(0) == ()


def test_a_steady_face_is_looked_for_where_it_was(tracker):
    tracker.near(0)
    tracker.update([face(x=120)], 0)
    assert tracker.near(FRAME) == (face(x=120).box,)


def test_a_moving_face_is_looked_for_where_it_goes(tracker):
    for i in range(8):
        tracker.near(i * FRAME)
        tracker.update([face(x=100 + 12 * i)], i * FRAME)
    (box,) = tracker.near(8 * FRAME)
    assert box.x == pytest.approx(100 + 12 * 8, abs=2)


def test_a_full_search_comes_twice_a_second(tracker):
    searches = 0
    for i in range(90):
        searches += tracker.near(i * FRAME) == ()
        tracker.update([face()], i * FRAME)
    assert searches == 6


def test_a_face_that_was_missed_calls_for_a_full_search_until_it_is_found_or_forgotten(tracker):
    tracker.near(0)
    tracker.update([face(x=50), face(x=400)], 0)
    tracker.update([face(x=50)], FRAME)
    assert tracker.near(2 * FRAME) == ()
    tracker.update([face(x=50), face(x=400)], 2 * FRAME)
    assert len(tracker.near(3 * FRAME)) == 2


def test_more_faces_than_are_worth_it_call_for_a_full_search(tracker):
    tracker.near(0)
    tracker.update([face(x=200 * i) for i in range(3)], 0)
    assert tracker.near(FRAME) == ()


def test_a_picture_declared_a_face_is_not_looked_near(tracker):
    tracker.near(0)
    tracker.update([face(confidence=None)], 0)
    assert tracker.near(FRAME) == ()


# What it shows ------------------------------------------------------------------------------------------------------


def show(tracker, seconds, fps, start=0.0, **scores):
    """Show one face for `seconds`; return how it appears in the last frame."""
    frames = round(seconds * fps)
    return [tracker.update([face(**scores)], start + (i + 1) / fps)[0] for i in range(frames)][-1]


def test_the_first_frame_is_shown_as_it_is(tracker):
    shown = tracker.update([face(happy=0.8)], 0)[0]
    assert (shown.emotion, shown.scores) == (Emotion.HAPPY, shown.face.scores)


def test_smoothed_scores_remain_probabilities(tracker):
    show(tracker, 0.5, 30, happy=0.9)
    assert sum(show(tracker, 0.2, 30, 0.5, sad=0.7).scores) == pytest.approx(1)


@pytest.mark.parametrize("fps", [5, 10, 30, 60])
def test_smoothing_goes_by_time_whatever_the_frame_rate(fps):
    tracker = FaceTracker()
    show(tracker, 1, fps, happy=1.0)
    shown = show(tracker, 0.4, fps, 1, sad=1.0)
    assert shown.scores[Emotion.HAPPY.class_index] == pytest.approx(0.368, abs=0.001)


def test_one_odd_frame_does_not_change_the_label(tracker):
    show(tracker, 1, 30, happy=0.9)
    assert show(tracker, FRAME, 30, 1, sad=0.9).emotion is Emotion.HAPPY


def test_a_lasting_change_is_shown_within_half_a_second(tracker):
    show(tracker, 1, 30, happy=0.9)
    assert show(tracker, 0.5, 30, 1, sad=0.9).emotion is Emotion.SAD


def test_two_expressions_of_like_scores_do_not_take_turns(tracker):
    labels = set()
    for i in range(120):
        scores = {"happy": 0.48, "surprise": 0.52} if i % 20 < 10 else {"happy": 0.52, "surprise": 0.48}
        labels.add(tracker.update([face(**scores)], i * FRAME)[0].emotion)
    assert len(labels) == 1


def test_after_a_gap_the_new_face_counts_more_than_the_old(tracker):
    show(tracker, 1, 30, happy=0.9)
    assert tracker.update([face(sad=0.9)], 1.8)[0].emotion is Emotion.SAD


# Priors -------------------------------------------------------------------------------------------------------------


def test_a_track_goes_on_when_the_prior_changes(tracker):
    shown = [tracker.update([face(happy=0.9)], i * FRAME, prior)[0] for i, prior in enumerate([*Prior] * 3)]
    assert ids(shown) == [1] * 6


def test_the_first_frame_at_another_prior_is_shown_as_it_is(tracker):
    tracker.update([face(happy=0.9)], 0, Prior.TYPICAL)
    shown = tracker.update([face(sad=0.8)], FRAME, Prior.EVEN)[0]
    assert (shown.emotion, shown.scores) == (Emotion.SAD, shown.face.scores)


def test_frames_at_another_prior_leave_the_scores_of_the_first_as_they_are():
    alone, mixed = FaceTracker(), FaceTracker()
    for i in range(20):
        alone.update([face(happy=0.9)], i * FRAME)
        mixed.update([face(happy=0.9)], i * FRAME)
        mixed.update([face(sad=0.9)], (i + 0.5) * FRAME, Prior.EVEN)
    now = 20 * FRAME
    assert mixed.update([face(fear=0.6)], now)[0].scores == alone.update([face(fear=0.6)], now)[0].scores


def test_scores_of_a_prior_that_was_away_for_long_are_forgotten(tracker):
    tracker.update([face(happy=0.9)], 0, Prior.EVEN)
    for i in range(1, 60):
        tracker.update([face(neutral=0.9)], i * FRAME)
    shown = tracker.update([face(happy=0.4, sad=0.45)], 60 * FRAME, Prior.EVEN)[0]
    assert (shown.emotion, shown.scores, shown.track_id) == (Emotion.SAD, shown.face.scores, 1)
