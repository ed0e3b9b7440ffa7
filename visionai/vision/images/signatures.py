"""File signatures (magic numbers) and Exif orientation.

Only content counts, never a name or a declared type. Nothing here decodes a pixel.
"""

from __future__ import annotations

import struct
from enum import StrEnum

_BMP_HEADER_SIZES = frozenset({12, 40, 52, 56, 64, 108, 124})
_ORIENTATION_TAG = 0x0112
_SHORT = 3
_EXIF_BYTES = 65_536
"""The most of an Exif block that is looked at: what fits into a segment of a JPEG."""


class Format(StrEnum):
    """The image formats that are read."""

    JPEG = "jpeg"
    PNG = "png"
    WEBP = "webp"
    BMP = "bmp"
    GIF = "gif"


def sniff(data: bytes) -> Format | None:
    """Return the format whose signature `data` begins with, or None."""
    if data.startswith(b"\xff\xd8\xff"):
        return Format.JPEG
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        return Format.PNG
    if data.startswith(b"RIFF") and data[8:12] == b"WEBP":
        return Format.WEBP
    if data.startswith((b"GIF87a", b"GIF89a")):
        return Format.GIF
    # Prose may begin with "BM" too; the size of the header that follows tells a bitmap from it.
    if data.startswith(b"BM") and int.from_bytes(data[14:18], "little") in _BMP_HEADER_SIZES:
        return Format.BMP
    return None


def exif_orientation(exif: bytes) -> int:
    """Return the EXIF orientation, 1 to 8; 1 where it is absent or damaged.

    Read by hand because Pillow parses the whole block, warns about damage and may raise on it, all for one number.
    Source: Exif 2.32, 4.6.4 (tag 0x0112) and TIFF 6.0, section 2.
    """
    block = exif[:_EXIF_BYTES].removeprefix(b"Exif\x00\x00")
    order = {b"II": "<", b"MM": ">"}.get(block[:2])
    if order is None:
        return 1
    try:
        (start,) = struct.unpack_from(order + "I", block, 4)
        (count,) = struct.unpack_from(order + "H", block, start)
        for entry in range(start + 2, start + 2 + 12 * count, 12):
            tag, kind, _, value = struct.unpack_from(order + "HHIH", block, entry)
            if tag == _ORIENTATION_TAG:
                return value if kind == _SHORT and 1 <= value <= 8 else 1
    except struct.error:
        pass
    return 1
