"""Boxes glide to their places as time passes, whatever the rate of the screen."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.support.scripts import answer_of

SCRIPT = Path(__file__).with_name("easing.mjs")


def box(x: float, y: float = 0, width: float = 100, height: float = 100) -> dict[str, float]:
    return {"x": x, "y": y, "width": width, "height": height}


def eased(start: dict[str, float], end: dict[str, float], *times: float) -> tuple[dict[str, float], bool]:
    """Return where a box is after steps of these milliseconds, and whether it is at rest."""
    answer: list[Any] = answer_of(SCRIPT, [[start, end, times]])[0]
    return answer[0], answer[1]


def test_after_70_milliseconds_a_box_has_gone_63_percent_of_its_way() -> None:
    there, at_rest = eased(box(0, 0, 100, 80), box(100, 50, 200, 180), 70)
    assert there == pytest.approx(box(63.212, 31.606, 163.212, 143.212), abs=0.001)
    assert not at_rest


@pytest.mark.parametrize("steps", [2, 7, 14])
def test_many_small_steps_go_as_far_as_a_large_one(steps: int) -> None:
    there, _ = eased(box(0), box(200), *[70 / steps] * steps)
    assert there == pytest.approx(eased(box(0), box(200), 70)[0])


@pytest.mark.parametrize("milliseconds", [0, -20])
def test_where_no_time_has_passed_a_box_stays(milliseconds: float) -> None:
    there, at_rest = eased(box(0), box(200), milliseconds)
    assert there == pytest.approx(box(0))
    assert not at_rest


def test_within_half_a_pixel_a_box_is_at_its_place_and_no_frame_more_is_asked_for() -> None:
    assert eased(box(0.4), box(0), 0) == (box(0), True)


def test_a_box_comes_to_rest_within_a_second_of_a_jump_across_the_picture() -> None:
    assert eased(box(0), box(640), *[1000 / 60] * 60) == (box(640), True)


def test_a_side_that_still_grows_keeps_the_box_on_its_way() -> None:
    assert eased(box(0, width=50), box(0, width=100), 10)[1] is False
