"""The Kalman filter of a face, by hand and by what it is to foresee."""

import math

import pytest

from visionai.vision.results import Box
from visionai.vision.tracking.motion import Dynamics, Measurement, Motion, measured

DYNAMICS = Dynamics(placed=0.1, sized=0.2, speed=1.0, acceleration=3.0, approach=0.5, trust=1.0)


def at(x, y=0.0, side=100.0):
    return Measurement(x, y, math.log(side))


def test_a_box_is_measured_by_its_middle_and_its_longer_side():
    assert measured(Box(10, 20, 30, 40)) == Measurement(25, 40, math.log(40))


def test_a_box_without_area_has_a_side_of_one_pixel():
    assert measured(Box(5, 5, 0, 0)) == Measurement(5, 5, 0)


def test_a_face_that_was_seen_once_is_expected_where_it_is():
    assert Motion.begin(at(50, 60), now := 3.0).expected(now + 0.5) == (50, 60)


def test_a_face_that_was_just_measured_is_as_uncertain_as_two_measurements():
    assert Motion.begin(at(0), 0, DYNAMICS).variances(0) == pytest.approx((0.02, 0.08))


def test_uncertainty_grows_by_the_speed_the_acceleration_and_the_approach():
    # Place 0.1² + 1² · 0.5² + 3 · 0.5³ / 3 and size 0.2² + 0.5 · 0.5, each with the variance of the measurement.
    assert Motion.begin(at(0), 0, DYNAMICS).variances(0.5) == pytest.approx(
        (0.01 + 0.25 + 0.125 + 0.01, 0.04 + 0.25 + 0.04)
    )


def test_a_measurement_moves_the_place_and_the_speed_by_the_gains():
    # After one second: place 0.01 + 1 + 1 = 2.01, covariance 1 + 1.5 = 2.5, so that the gains are 2.01 and 2.5 / 2.02.
    motion = Motion.begin(at(0), 0, DYNAMICS).follow(at(202, 101), 1)
    assert motion.place == pytest.approx((201, 100.5))
    assert motion.expected(2) == pytest.approx((201 + 250, 100.5 + 125))


def test_a_measurement_moves_the_size_by_its_gain():
    # After one second the size's variance is 0.04 + 0.5, its gain 0.54 / 0.58.
    motion = Motion.begin(at(0, side=100), 0, DYNAMICS).follow(at(0, side=200), 1)
    assert motion.size == pytest.approx(math.log(100) + 0.54 / 0.58 * math.log(2))


def test_the_surprise_is_the_innovation_by_its_variance_in_sides_of_the_face():
    # Two sides away and twice as large: 4 / 2.02 + ln² 2 / 0.58.
    motion = Motion.begin(at(0), 0, DYNAMICS).follow(at(200, side=200), 1)
    assert motion.surprise == pytest.approx(4 / 2.02 + math.log(2) ** 2 / 0.58)


def test_a_face_at_its_expected_place_is_no_surprise():
    assert Motion.begin(at(10, 20), 0).follow(at(10, 20), 0.1).surprise == 0


def test_what_was_known_before_stays_as_it_was():
    before = Motion.begin(at(0), 0)
    before.follow(at(80), 0.1)
    assert (before.place, before.at, before.expected(1)) == ((0, 0), 0, (0, 0))


@pytest.mark.parametrize("rate", [5, 10, 30])
def test_a_steady_walk_is_foreseen_at_any_rate(rate):
    motion = Motion.begin(at(0), 0)
    for i in range(1, 2 * rate):
        motion = motion.follow(at(120 * i / rate), i / rate)
    assert motion.expected(2.3)[0] == pytest.approx(120 * 2.3, abs=2)


@pytest.mark.parametrize("side", [20, 80, 320])
def test_a_face_of_any_size_is_followed_alike(side):
    motion = Motion.begin(at(0, side=side), 0)
    for i in range(1, 10):
        motion = motion.follow(at(side * i / 10, side=side), i / 10)
    assert motion.expected(1)[0] / side == pytest.approx(1, abs=0.02)


def test_a_speed_is_trusted_for_a_second():
    motion = Motion.begin(at(0), 0).follow(at(50), 0.5)
    assert motion.expected(1.5) == motion.expected(20)


@pytest.mark.parametrize("now", [0.5, 0.2])
def test_where_no_time_has_passed_nothing_has_moved(now):
    motion = Motion.begin(at(0), 0).follow(at(50), 0.5)
    assert motion.expected(now) == motion.place


def test_a_size_settles_where_its_measurements_lie():
    motion = Motion.begin(at(0, side=100), 0)
    for i in range(1, 60):
        motion = motion.follow(at(0, side=104 if i % 2 else 96), i / 15)
    assert math.exp(motion.size) == pytest.approx(100, rel=0.02)


def test_after_a_surprise_what_is_known_counts_for_less_by_how_surprising_it_was():
    # Ten sides away: 100 / 2.02, which is 5.3 times what surprises. A gain of 2.01 / 2.02 leaves 2.01 · 0.01 / 2.02.
    motion = Motion.begin(at(0), 0, DYNAMICS).follow(at(1000), 1)
    less = 100 / 2.02 / DYNAMICS.surprising
    assert less == pytest.approx(5.3, abs=0.01)
    assert motion.variances(1)[0] == pytest.approx(less * 2.01 * 0.01 / 2.02 + 0.01)


def test_a_face_that_moves_as_no_head_does_is_not_lost_ever_further():
    # A sway of three seconds, shown in a quarter of one.
    places = [90 * math.sin(2 * math.pi * step / 48) for step in range(480)]
    motion, off = Motion.begin(at(0), 0), []
    for number, place in enumerate(places, 1):
        off.append(abs(motion.expected(number * 0.005)[0] - place))
        motion = motion.follow(at(place), number * 0.005)
    assert max(off) < 25
