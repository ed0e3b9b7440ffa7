"""Face alignment and cropping: from a detected face to the pixels that a classifier reads."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from PIL import Image

from .detection.faces import Detection

SIDE = 96
"""Pixels of a crop's side."""

_MOST_TILT = math.radians(60)
_EYE_DISTANCE = (0.15, 0.9)

Crop = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class CropSettings:
    """How a face is framed; weights are right only with the settings they were trained for.

    The crop's side is `scale` times the box's longer side, its middle the box's middle moved by `offset_x` and
    `offset_y` of that side, right and down as the face sees it. With `align` it is turned so that the eyes are level.
    """

    scale: float = 1.0
    offset_x: float = 0.0
    offset_y: float = 0.0
    align: bool = True


@dataclass(frozen=True, slots=True)
class Square:
    """A square in an image, in its pixels: the middle, the side, and how far it is turned clockwise, in radians."""

    x: float
    y: float
    side: float
    tilt: float = 0.0


def square_of(face: Detection, settings: CropSettings) -> Square:
    """Return the square to cut out for a face."""
    longer = max(face.width, face.height)
    tilt = _tilt(face) if settings.align else 0.0
    right, down = settings.offset_x * longer, settings.offset_y * longer
    x = face.left + face.width / 2 + right * math.cos(tilt) - down * math.sin(tilt)
    y = face.top + face.height / 2 + right * math.sin(tilt) + down * math.cos(tilt)
    return Square(x, y, settings.scale * longer, tilt)


def whole(image: Image.Image) -> Square:
    """Return the square around a whole image."""
    return Square(image.width / 2, image.height / 2, float(max(image.size)))


def cut(image: Image.Image, frame: Square) -> Crop:
    """Cut a square out of an RGB image: 96 x 96 x 3, float32 in [0, 1].

    What lies beyond the image repeats its edge. Large squares are averaged down first, so that nothing finer than
    the crop's pixels is left to alias.
    """
    factor = max(1, round(frame.side / SIDE))
    left, top, patch = _surroundings(image, frame, factor)
    step = frame.side / SIDE / factor
    cos, sin = math.cos(frame.tilt) * step, math.sin(frame.tilt) * step
    # Pillow maps the middle of the crop's pixel (u, v) to (a u + b v + c, d u + e v + f), pixel middles at halves.
    x = (frame.x - left) / factor - (cos - sin) * SIDE / 2
    y = (frame.y - top) / factor - (sin + cos) * SIDE / 2
    square = patch.transform(
        (SIDE, SIDE), Image.Transform.AFFINE, (cos, -sin, x, sin, cos, y), Image.Resampling.BILINEAR
    )
    return np.asarray(square, np.float32) / np.float32(255)


def _surroundings(image: Image.Image, frame: Square, factor: int) -> tuple[int, int, Image.Image]:
    """Return the upright rectangle around a frame, averaged down by `factor`, and where its corner is in `image`."""
    reach = frame.side / 2 * (abs(math.cos(frame.tilt)) + abs(math.sin(frame.tilt))) + 2 * factor
    left, top = math.floor(frame.x - reach), math.floor(frame.y - reach)
    side = -(-math.ceil(2 * reach) // factor) * factor
    box = left, top, left + side, top + side
    if left >= 0 and top >= 0 and box[2] <= image.width and box[3] <= image.height:
        return left, top, image.reduce(factor, box)
    return left, top, _extended(image, box).reduce(factor)


def _extended(image: Image.Image, box: tuple[int, int, int, int]) -> Image.Image:
    """Cut out a box that reaches beyond the image, repeating the image's edge there."""
    inner = (
        min(max(box[0], 0), image.width - 1),
        min(max(box[1], 0), image.height - 1),
        max(min(box[2], image.width), 1),
        max(min(box[3], image.height), 1),
    )
    before_after = [(inner[1] - box[1], box[3] - inner[3]), (inner[0] - box[0], box[2] - inner[2])]
    margins = [(max(before, 0), max(after, 0)) for before, after in before_after]
    return Image.fromarray(np.pad(np.asarray(image.crop(inner)), [*margins, (0, 0)], mode="edge"))


def _tilt(face: Detection) -> float:
    """Return the angle of the line through the eyes, in radians, or 0 where the eyes found cannot be a face's."""
    (x0, y0), (x1, y1) = face.points[:2]
    distance = math.hypot(x1 - x0, y1 - y0) / max(face.width, face.height)
    tilt = math.atan2(y1 - y0, x1 - x0)
    plausible = _EYE_DISTANCE[0] < distance < _EYE_DISTANCE[1] and abs(tilt) < _MOST_TILT
    return tilt if plausible else 0.0
