"""A face to send."""

from __future__ import annotations

import io
from functools import cache

import skimage.data
from PIL import Image


@cache
def face_jpeg() -> bytes:
    """A smiling face in a JPEG of 640 x 480."""
    picture = Image.fromarray(skimage.data.astronaut()).resize((640, 640)).crop((0, 0, 640, 480))
    file = io.BytesIO()
    picture.save(file, "JPEG", quality=85)
    return file.getvalue()
