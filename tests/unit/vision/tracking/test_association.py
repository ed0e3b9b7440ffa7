"""What it costs to continue a track by a face."""

import math

import pytest

from visionai.vision.tracking.association import Association, Candidate
from visionai.vision.tracking.motion import Dynamics, Measurement, Motion

DYNAMICS, SETTINGS = Dynamics(), Association()


def at(x, y=0.0, side=100.0):
    return Measurement(x, y, math.log(side))


def candidate(motion, now, lost=False):
    return Candidate(motion, now, lost, SETTINGS, DYNAMICS)


@pytest.fixture
def walk():
    """Somebody who walks to the right at 200 pixels a second, seen last at x = 200 after a second."""
    motion = Motion.begin(at(0), 0)
    for i in range(1, 16):
        motion = motion.follow(at(200 * i / 15), i / 15)
    return motion


def test_the_face_that_is_expected_and_known_costs_nothing():
    assert candidate(Motion.begin(at(0), 0), 0).cost(at(0)) == pytest.approx(0)


def test_the_cost_is_that_of_the_formula():
    still, seconds = Motion.begin(at(0), 0), 0.2
    place, size = still.variances(seconds)
    known = math.log(place / (2 * DYNAMICS.placed**2)) + math.log(size / (2 * DYNAMICS.sized**2)) / 2
    expected = known + 3 * math.log(1 + 0.3**2 / (4 * place)) + 2.5 * math.log(1 + math.log(1.1) ** 2 / (4 * size))
    assert candidate(still, seconds).cost(at(30, side=110)) == pytest.approx(expected)


def test_the_longer_nobody_was_seen_the_less_their_place_says(walk):
    assert candidate(walk, 1.1).cost(at(220)) < candidate(walk, 1.6).cost(at(320))


def test_who_was_seen_in_the_last_frame_is_expected_to_go_on(walk):
    going = candidate(walk, 1.2)
    assert going.cost(at(240)) < going.cost(at(200))


def test_who_was_lost_may_have_stopped_as_well_as_gone_on(walk):
    lost = candidate(walk, 1.5, lost=True)
    assert lost.cost(at(200)) == pytest.approx(lost.cost(at(300)), abs=0.2)
    assert lost.cost(at(200)) < candidate(walk, 1.5).cost(at(200))


def test_a_face_out_of_reach_is_no_continuation(walk):
    assert candidate(walk, 1.1).cost(at(220, 140)) == math.inf


def test_a_size_tells_two_at_one_place_apart():
    still = candidate(Motion.begin(at(0), 0), 0.1)
    assert still.cost(at(5, side=103)) < still.cost(at(5, side=116)) - 3


@pytest.mark.parametrize(("rate", "growth"), [(5, 1.6), (10, 1.45), (30, 1.25)])
def test_a_head_leans_towards_the_camera_at_2_in_a_second_and_no_faster(rate, growth):
    still = candidate(Motion.begin(at(0), 0), 1 / rate)
    assert still.cost(at(0, side=100 * growth)) < SETTINGS.alone
    assert still.cost(at(0, side=100 / growth)) < SETTINGS.alone
    assert still.cost(at(0, side=130 * growth)) == math.inf
    assert still.cost(at(0, side=100 / growth / 1.3)) == math.inf
