"""Pictures and files made here, good and bad."""

from __future__ import annotations

import io
import struct
import zlib
from typing import Any

import numpy as np
from PIL import Image


def noise(width: int, height: int) -> Image.Image:
    """A picture that is not of one colour."""
    return Image.fromarray(np.random.default_rng(1).integers(0, 256, (height, width, 3), dtype=np.uint8))


def encoded(image: Image.Image, kind: str, **options: Any) -> bytes:
    """The bytes of `image` as a file of `kind`."""
    file = io.BytesIO()
    image.save(file, kind, **options)
    return file.getvalue()


def png(width: int, height: int) -> bytes:
    """A PNG of noise."""
    return encoded(noise(width, height), "PNG")


def blank_png() -> bytes:
    """A PNG of one colour, in which nobody sees a face."""
    return encoded(Image.new("RGB", (64, 48), "grey"), "PNG")


def bomb(width: int, height: int) -> bytes:
    """A PNG of a few bytes whose header announces `width` x `height` pixels."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    pixels = zlib.compress(b"\0" * 1000)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", pixels) + chunk(b"IEND", b"")


def form(*files: tuple[str, str, bytes]) -> dict[str, Any]:
    """A form of (field, file name, content), as options of a request.

    By hand, because the test client writes large ones to a temporary file that it does not always close.
    """
    head = b'--B\r\nContent-Disposition: form-data; name="%b"; filename="%b"\r\n\r\n'
    parts = [head % (field.encode(), name.encode()) + content + b"\r\n" for field, name, content in files]
    return {"data": b"".join(parts) + b"--B--\r\n", "content_type": "multipart/form-data; boundary=B"}
