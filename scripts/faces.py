"""A face to try things on: the portrait of the astronaut Eileen Collins by NASA, in the public domain.

It comes with scikit-image; no picture is part of this project.
"""

from __future__ import annotations

import math
from io import BytesIO
from pathlib import Path

from PIL import Image, ImageOps
from skimage import data

FRAME = (640, 480)
# What a frame shows of the portrait of 512x512 pixels, and how far that moves.
VIEW = (480, 360)
SWAY = (16, 10)
CENTRE = (256, 196)
STEPS = 48
# Of two, how much larger and smaller each becomes, and how far the face is left of the middle of the portrait.
NEARER = 0.08
FACE_OFF = 30


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


def write_two(file: Path) -> Path:
    """Write what a camera sees of two faces side by side, each of which sways, nearer and farther in turn."""
    whole = portrait()
    file.write_bytes(b"".join(_frame_of_two(whole, step) for step in range(2 * STEPS)))
    return file


def _frame_of_two(whole: Image.Image, step: int) -> bytes:
    turn = math.pi * step / STEPS
    frame = Image.new("RGB", FRAME)
    frame.paste(_half(whole, turn), (0, 0))
    frame.paste(ImageOps.mirror(_half(whole, turn + math.pi)), (FRAME[0] // 2, 0))
    return _jpeg(frame)


def _half(whole: Image.Image, turn: float) -> Image.Image:
    """Return half a frame with a face, up to NEARER larger and smaller."""
    width, height = (side / (1 + NEARER * math.sin(turn)) for side in (VIEW[0] / 2, VIEW[1]))
    left, top = CENTRE[0] - width / 2 + SWAY[0] * math.sin(2 * turn), CENTRE[1] - height / 2
    size = (FRAME[0] // 2, FRAME[1])
    return whole.resize(size, Image.Resampling.BICUBIC, (left - FACE_OFF, top, left - FACE_OFF + width, top + height))


def _frame(whole: Image.Image, step: int) -> bytes:
    turn = 2 * math.pi * step / STEPS
    left = CENTRE[0] - VIEW[0] / 2 + SWAY[0] * math.sin(turn)
    top = CENTRE[1] - VIEW[1] / 2 + SWAY[1] * math.sin(2 * turn)
    return _jpeg(whole.resize(FRAME, Image.Resampling.BICUBIC, (left, top, left + VIEW[0], top + VIEW[1])))


def _jpeg(frame: Image.Image) -> bytes:
    buffer = BytesIO()
    frame.save(buffer, "JPEG", quality=88)
    return buffer.getvalue()
