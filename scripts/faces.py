"""A face to try things on: the portrait of the astronaut Eileen Collins by NASA, in the public domain.

It comes with scikit-image; no picture is part of this project.
"""

from __future__ import annotations

import math
from io import BytesIO
from pathlib import Path

from PIL import Image
from skimage import data

FRAME = (640, 480)
# What a frame shows of the portrait of 512x512 pixels, and how far that moves.
VIEW = (480, 360)
SWAY = (16, 10)
CENTRE = (256, 196)
STEPS = 48


def portrait() -> Image.Image:
    """Return the portrait: a smiling face, 512x512 pixels."""
    return Image.fromarray(data.astronaut())


def write_photo(file: Path) -> Path:
    """Write the portrait as a JPEG."""
    portrait().save(file, quality=90)
    return file


def write_camera(file: Path) -> Path:
    """Write what a camera sees of a face that moves, as the JPEGs that Chromium plays for a camera again and again."""
    whole = portrait()
    file.write_bytes(b"".join(_frame(whole, step) for step in range(STEPS)))
    return file


def _frame(whole: Image.Image, step: int) -> bytes:
    turn = 2 * math.pi * step / STEPS
    left = CENTRE[0] - VIEW[0] / 2 + SWAY[0] * math.sin(turn)
    top = CENTRE[1] - VIEW[1] / 2 + SWAY[1] * math.sin(2 * turn)
    buffer = BytesIO()
    seen = whole.resize(FRAME, Image.Resampling.BICUBIC, (left, top, left + VIEW[0], top + VIEW[1]))
    seen.save(buffer, "JPEG", quality=88)
    return buffer.getvalue()
