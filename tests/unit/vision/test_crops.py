"""A face is cut out as the settings say, upright and without aliasing."""

import math

import numpy as np
import pytest
from PIL import Image

from visionai.vision.crops import CropSettings, Square, cut, square_of, whole
from visionai.vision.detection.faces import Detection


def face(tilt=0.0, left=100.0, top=60.0, side=80.0, eyes=0.4):
    """A face whose eyes are `eyes` sides apart, turned clockwise by `tilt` degrees."""
    x, y, angle = left + side / 2, top + side / 2, math.radians(tilt)
    across, down = math.cos(angle) * eyes * side / 2, math.sin(angle) * eyes * side / 2
    points = ((x - across, y - down), (x + across, y + down), *[(x, y)] * 4)
    return Detection(left, top, side, side, 0.9, points)


@pytest.fixture
def ramps():
    """A picture whose red grows to the right and whose green grows downwards, a step a pixel."""
    y, x = np.indices((256, 256))
    return Image.fromarray(np.stack([x, y, np.zeros_like(x)], axis=2).astype(np.uint8))


def places(crop):
    """Where in `ramps` each pixel of a crop came from, as x and y."""
    return crop[..., 0] * 255 + 0.5, crop[..., 1] * 255 + 0.5


# The square ---------------------------------------------------------------------------------------------------------


def test_the_square_is_the_box_by_default():
    assert square_of(face(), CropSettings()) == Square(140, 100, 80)


def test_scale_and_offsets_are_in_sides_of_the_box():
    frame = square_of(face(), CropSettings(scale=1.5, offset_x=0.1, offset_y=-0.25))
    assert (frame.x, frame.y, frame.side) == pytest.approx((148, 80, 120))


@pytest.mark.parametrize("tilt", [-45, -10, 10, 45])
def test_the_square_turns_with_the_eyes(tilt):
    assert square_of(face(tilt), CropSettings()).tilt == pytest.approx(math.radians(tilt))


def test_offsets_turn_with_the_face():
    frame = square_of(face(tilt=30), CropSettings(offset_y=0.5))
    assert (frame.x, frame.y) == pytest.approx((140 - 20, 100 + 40 * math.sqrt(0.75)))


@pytest.mark.parametrize("odd", [face(tilt=80), face(tilt=180), face(tilt=20, eyes=0.05), face(tilt=20, eyes=1.2)])
def test_eyes_that_cannot_be_a_faces_turn_nothing(odd):
    assert square_of(odd, CropSettings()).tilt == 0


def test_without_alignment_nothing_is_turned():
    assert square_of(face(tilt=30), CropSettings(align=False)).tilt == 0


# The cut ------------------------------------------------------------------------------------------------------------


def test_a_crop_is_float32_of_96_by_96_between_0_and_1(ramps):
    crop = cut(ramps, Square(128, 128, 60))
    assert (crop.shape, crop.dtype) == ((96, 96, 3), np.float32)
    assert 0 <= crop.min() <= crop.max() <= 1


@pytest.mark.parametrize("side", [40, 96, 130, 192, 250])
def test_a_crop_shows_the_square_at_any_scale(ramps, side):
    x, y = places(cut(ramps, Square(127.5, 128.5, side)))
    assert x[48, [8, 48, 88]] == pytest.approx(127.5 + side * (np.array([8.5, 48.5, 88.5]) / 96 - 0.5), abs=1.5)
    assert y[[8, 48, 88], 48] == pytest.approx(128.5 + side * (np.array([8.5, 48.5, 88.5]) / 96 - 0.5), abs=1.5)


@pytest.mark.parametrize("side", [60, 150])
def test_a_turned_crop_shows_the_square_upright(ramps, side):
    tilt = math.radians(30)
    x, y = places(cut(ramps, Square(128, 128, side, tilt)))
    right = 40 / 96 * side
    assert x[48, 88] == pytest.approx(128 + right * math.cos(tilt), abs=2)
    assert y[48, 88] == pytest.approx(128 + right * math.sin(tilt), abs=2)


def test_beyond_the_picture_its_edge_is_repeated(ramps):
    x, y = places(cut(ramps, Square(0, 255, 96)))
    assert x[48, :44] == pytest.approx(np.full(44, 0.5), abs=0.6)
    assert y[56:, 48] == pytest.approx(np.full(40, 255.5), abs=0.6)


@pytest.mark.parametrize(
    "frame", [Square(-300, 100, 50), Square(400, 400, 900, 0.5), Square(128, 128, 3), Square(5, 5, 0.1)]
)
def test_odd_squares_give_a_crop_all_the_same(ramps, frame):
    assert cut(ramps, frame).shape == (96, 96, 3)


@pytest.mark.parametrize("side", [200, 384, 800])
def test_what_is_finer_than_the_crops_pixels_is_averaged(side):
    checks = (np.indices((1000, 1000)).sum(axis=0) % 2 * 255).astype(np.uint8)
    crop = cut(Image.fromarray(np.repeat(checks[..., None], 3, axis=2)), Square(500, 500, side))
    assert crop.std() < 0.13
    assert crop.mean() == pytest.approx(0.5, abs=0.02)


@pytest.mark.parametrize("size", [(96, 96), (300, 300), (200, 100), (60, 140)])
def test_a_whole_picture_lies_in_its_square_undistorted(size):
    image = Image.new("RGB", size, (255, 0, 0))
    frame = whole(image)
    assert (frame.x, frame.y, frame.side) == (size[0] / 2, size[1] / 2, max(size))
    assert cut(image, frame)[..., 0].min() == 1
