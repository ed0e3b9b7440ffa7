"""The pictures that are sent have one face, and it is where they say."""

from __future__ import annotations

import io
from itertools import pairwise

import pytest
from PIL import Image

from benchmarks.vision import bare, frames


def test_frames_are_jpegs_as_a_camera_sends_them() -> None:
    for jpeg in frames.moving_face():
        picture = Image.open(io.BytesIO(jpeg))
        assert (picture.format, picture.size) == ("JPEG", (640, 480))
        assert 30_000 < len(jpeg) < 60_000


def test_the_face_moves_a_little_from_frame_to_frame() -> None:
    steps = [*map(frames.offset, range(frames.STEPS)), frames.offset(0)]
    moves = [abs(x1 - x0) + abs(y1 - y0) for (x0, y0), (x1, y1) in pairwise(steps)]
    assert 0 < max(moves) < 30


@pytest.mark.parametrize("step", [0, 12, 24, 40])
def test_there_is_one_face_where_the_movement_is(step: int) -> None:
    analysis = bare.analyzer().analyze(frames.moving_face()[step])
    (face,) = analysis.faces
    x, y = frames.offset(step)
    assert face.box.x < x < face.box.x + face.box.width
    assert face.box.y < y < face.box.y + face.box.height
