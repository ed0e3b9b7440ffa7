"""A clip in pixels: two portraits that pass each other, one before the other, for the real detector."""

from __future__ import annotations

import io
import math
from collections.abc import Iterator

import numpy as np
from PIL import Image

from visionai.vision.results import Box

from ..vision import frames
from .clips import Place, box_of

RATE, SECONDS = 15, 12
# The head in the astronaut's picture and the box of the face in it, as the detector draws it.
_HEAD = (134, 10, 324, 220)
_FACE_X, _FACE_Y, _FACE_SIDE = 90, 110, 105
_COVERED = 0.4


def crossing() -> Iterator[tuple[float, dict[int, Box], bytes]]:
    """Yield the second, the true boxes of those who are to be seen, and the JPEG of every frame."""
    from skimage import data

    head = Image.fromarray(data.astronaut()).crop(_HEAD)
    noise = np.random.default_rng(7).normal(0, 4, (frames.HEIGHT, frames.WIDTH, 3))
    for number in range(RATE * SECONDS):
        second = number / RATE
        places = {1: _walk(second, -1, 0.85), 2: _walk(second, 1, 1.0)}
        yield second, _seen(places), _jpeg(head, list(places.values()), noise)


def _walk(second: float, direction: int, scale: float) -> Place:
    x = frames.WIDTH / 2 + direction * 180 * math.cos(math.pi * second / 4)
    return Place(x, 240 + 10 * direction, _FACE_SIDE * scale)


def _seen(places: dict[int, Place]) -> dict[int, Box]:
    """Return the boxes, without that of the smaller one where the other, which is before it, hides it."""
    far, close = places[1], places[2]
    hidden = abs(far.x - close.x) < (1 - _COVERED) * far.side + (close.side - far.side) / 2
    return {number: box_of(place) for number, place in places.items() if not (hidden and number == 1)}


def _jpeg(head: Image.Image, places: list[Place], noise: np.ndarray) -> bytes:
    """Return a grey room with the portraits in it, the last one before the others."""
    canvas = Image.new("RGB", (frames.WIDTH, frames.HEIGHT), (120, 130, 125))
    for place in places:
        scale = place.side / _FACE_SIDE
        size = round(head.width * scale), round(head.height * scale)
        corner = round(place.x - _FACE_X * scale), round(place.y - _FACE_Y * scale)
        canvas.paste(head.resize(size, Image.Resampling.LANCZOS), corner)
    pixels = np.clip(np.asarray(canvas) + noise, 0, 255).astype(np.uint8)
    buffer = io.BytesIO()
    Image.fromarray(pixels).save(buffer, "JPEG", quality=82)
    return buffer.getvalue()
