"""The pictures that are sent: 640x480 JPEGs with one face, which moves as somebody before a camera does."""

from __future__ import annotations

import io
import math
from functools import cache

import numpy as np
from PIL import Image

WIDTH, HEIGHT = 640, 480
STEPS = 48
"""Frames until the movement begins again; at 15 frames a second that is about three seconds."""
_QUALITY = 82
# The middle of the face in the astronaut's picture, 512x512 pixels, and about where its box begins and ends.
_FACE_X, _FACE_Y = 224, 118


@cache
def moving_face() -> tuple[bytes, ...]:
    """Return the JPEGs of one round of the movement, 40 to 50 KB each."""
    canvas = _canvas()
    return tuple(_jpeg(canvas, *offset(step)) for step in range(STEPS))


def offset(step: int) -> tuple[int, int]:
    """Return where the middle of the face is at `step`, in pixels: a sway of 90 pixels, a nod of 40."""
    turn = 2 * math.pi * step / STEPS
    return WIDTH // 2 + round(90 * math.sin(turn)), HEIGHT // 2 + round(40 * math.sin(2 * turn))


def _canvas() -> np.ndarray:
    """The astronaut in a room large enough to move the camera in, with the noise of a sensor."""
    from skimage import data

    picture = np.pad(data.astronaut(), ((400, 400), (500, 500), (0, 0)), mode="edge").astype(np.int16)
    noise = np.random.default_rng(7).normal(0, 4, picture.shape)
    return np.clip(picture + noise, 0, 255).astype(np.uint8)


def _jpeg(canvas: np.ndarray, x: int, y: int) -> bytes:
    left, top = 500 + _FACE_X - x, 400 + _FACE_Y - y
    buffer = io.BytesIO()
    Image.fromarray(canvas[top : top + HEIGHT, left : left + WIDTH]).save(buffer, "JPEG", quality=_QUALITY)
    return buffer.getvalue()
