"""A face that jumps is followed, and what was known before is kept for a moment."""

import math

import pytest

from visionai.vision.tracking.hypotheses import Hypotheses
from visionai.vision.tracking.motion import Measurement

FRAME = 1 / 15


def at(x, side=100.0):
    return Measurement(x, 240, math.log(side))


@pytest.fixture
def still():
    """Somebody who has been at x = 300 for a second."""
    face = Hypotheses(at(300), 0)
    for i in range(1, 16):
        face.follow(at(300), i * FRAME)
    return face


def x_of(face):
    return face.motion.place[0]


def test_a_jump_is_followed_at_once(still):
    still.follow(at(400), 1 + FRAME)
    assert x_of(still) > 350


def test_a_face_at_the_place_before_a_jump_takes_it_back(still):
    still.follow(at(400), 1 + FRAME)
    still.follow(at(300), 1 + 3 * FRAME)
    assert x_of(still) == pytest.approx(300)
    assert still.motion.expected(3)[0] == pytest.approx(300)


def test_a_jump_that_lasts_is_believed(still):
    for i in range(1, 7):
        still.follow(at(400), 1 + i * FRAME)
    assert len(still.candidates(1.5, lost=False)) == 1
    assert x_of(still) == pytest.approx(400, abs=5)


def test_a_jump_that_was_taken_back_leaves_one_hypothesis(still):
    still.follow(at(400), 1 + FRAME)
    assert len(still.candidates(1.2, lost=False)) == 2
    still.follow(at(300), 1.2)
    assert len(still.candidates(1.3, lost=False)) == 1


def test_small_movements_are_no_jumps(still):
    for i in range(1, 30):
        still.follow(at(300 + 4 * math.sin(i)), 1 + i * FRAME)
    assert len(still.candidates(3, lost=False)) == 1


def test_a_sudden_size_is_a_jump_too(still):
    still.follow(at(300, side=140), 1 + FRAME)
    assert len(still.candidates(1.2, lost=False)) == 2
