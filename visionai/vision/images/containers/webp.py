"""WebP as a container: its RIFF chunks (https://developers.google.com/speed/webp/docs/riff_container).

Of an animation the first frame is handed on; profiles and metadata, which libwebp would copy, are not.
"""

from __future__ import annotations

import struct

from ....errors import BrokenImage
from ..signatures import exif_orientation
from .contents import Contents

MAX_CHUNKS = 16_384
"""Chunks of a file; a frame of an animation is one."""

_PIXEL_BYTES = 16.5
"""libwebp's animation decoder, the only one that Pillow has, keeps two canvases, hands out a copy, and Pillow makes its
own: four bytes each, measured with ru_maxrss."""

_FIRST = 12
_BEFORE_PICTURE = frozenset((b"VP8X", b"ANIM", b"ALPH"))
_PICTURE = frozenset((b"VP8 ", b"VP8L", b"ANMF"))


def read_webp(data: bytes) -> Contents:
    """Walk the chunks of a WebP; raises BrokenImage or struct.error for what is none."""
    width, height = _size(data)
    kept, exif, pictured = _chunks(data)
    size = 4 + sum(end - start for start, end in kept)
    essential = data
    if size + 8 != len(data):
        whole = memoryview(data)
        head = struct.pack("<4sI4s", b"RIFF", size, b"WEBP")
        essential = b"".join((head, *(whole[start:end] for start, end in kept)))
    return Contents(essential, width, height, exif_orientation(exif), pixel_bytes=_PIXEL_BYTES, complete=pictured)


def _size(data: bytes) -> tuple[int, int]:
    """Return width and height of the canvas; raises BrokenImage or struct.error."""
    kind = data[12:16]
    if kind == b"VP8X":
        low, middle, high, low_2, middle_2, high_2 = struct.unpack_from("<6B", data, 24)
        return 1 + (low | middle << 8 | high << 16), 1 + (low_2 | middle_2 << 8 | high_2 << 16)
    if kind == b"VP8L":
        (bits,) = struct.unpack_from("<I", data, 21)
        return 1 + (bits & 0x3FFF), 1 + (bits >> 14 & 0x3FFF)
    if kind == b"VP8 ":
        width, height = struct.unpack_from("<HH", data, 26)
        return width & 0x3FFF, height & 0x3FFF
    raise BrokenImage


def _chunks(data: bytes) -> tuple[list[tuple[int, int]], bytes, bool]:
    """Return where the chunks lie that the first image needs, the Exif, and whether that image is all there."""
    kept: list[tuple[int, int]] = []
    exif, pictured = b"", False
    position, stop = _FIRST, min(len(data), 8 + int.from_bytes(data[4:8], "little"))
    for _ in range(MAX_CHUNKS):
        if position + 8 > stop:
            return kept, exif, pictured
        kind, size = struct.unpack_from("<4sI", data, position)
        if position + 8 + size > stop:
            return kept, exif, pictured
        end = min(position + 8 + size + (size & 1), len(data))
        if not pictured and (kind in _BEFORE_PICTURE or kind in _PICTURE):
            kept.append((position, end))
            pictured = kind in _PICTURE
        elif kind == b"EXIF" and not exif:
            exif = data[position + 8 : end]
        position = end
    raise BrokenImage
