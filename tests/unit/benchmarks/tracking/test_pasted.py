"""The clip in pixels: two portraits, the nearer one before the other, where the truth says."""

from __future__ import annotations

import io
from itertools import islice

import pytest
from PIL import Image

from benchmarks.tracking import pasted
from benchmarks.tracking.clips import box_of
from benchmarks.vision import frames


def test_frames_are_jpegs_of_the_usual_size_at_even_times() -> None:
    seen = list(islice(pasted.crossing(), 4))
    assert [at for at, _, _ in seen] == [number / pasted.RATE for number in range(4)]
    for _, _, jpeg in seen:
        picture = Image.open(io.BytesIO(jpeg))
        assert (picture.format, picture.size) == ("JPEG", (frames.WIDTH, frames.HEIGHT))


def test_the_two_begin_at_both_sides_and_are_in_the_middle_after_two_seconds() -> None:
    left, right = pasted._walk(0, -1, 1.0), pasted._walk(0, 1, 1.0)
    assert (left.x, right.x) == (frames.WIDTH / 2 - 180, frames.WIDTH / 2 + 180)
    assert round(pasted._walk(2, 1, 1.0).x) == frames.WIDTH / 2


@pytest.mark.parametrize(
    ("second", "seen"), [(0, {1, 2}), (1.6, {1, 2}), (1.8, {2}), (2, {2}), (2.2, {2}), (2.4, {1, 2})]
)
def test_the_farther_one_is_hidden_where_the_nearer_one_covers_two_fifths_of_its_width(
    second: float, seen: set[int]
) -> None:
    places = {1: pasted._walk(second, -1, 0.85), 2: pasted._walk(second, 1, 1.0)}
    far, near = box_of(places[1]), box_of(places[2])
    common = min(far.x + far.width, near.x + near.width) - max(far.x, near.x)
    assert set(pasted._seen(places)) == seen
    assert (common > 0.4 * far.width) == (1 not in seen)
