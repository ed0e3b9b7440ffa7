"""PNG as a container: its chunks (https://www.w3.org/TR/png-3/#5Chunk-layout).

Pillow inflates every profile and text on the way to the pixels and reads the image data chunk by chunk in Python. What
decides the pixels is the header, the palette, the transparent colour and the first run of image data, put together here
as one chunk; an animation's other frames are left out with the rest.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass, field

from ....errors import BrokenImage
from ..signatures import exif_orientation
from .contents import Contents

MAX_CHUNKS = 65_536
"""Chunks of a file: of 10 MB, in the pieces of 8 KB that most encoders write, there are 1,300."""

Place = tuple[int, int]

_CHUNK_FRAME = 12
_HEAD_SIZE = 8 + _CHUNK_FRAME + 13
"""Bytes of the signature and the header."""

_END = b"\0\0\0\0IEND\xaeB`\x82"
_MAX_INFLATION = 1032
"""Bytes that deflate makes of one at most: 258 of two bits (RFC 1951)."""

_MAX_SMALL_CHUNK = 1024
"""Bytes of a palette (768 at most) or of transparent colours (256)."""

_GREY, _RGB, _PALETTE, _GREY_ALPHA, _RGBA = 0, 2, 3, 4, 6
_CHANNELS = {_GREY: 1, _RGB: 3, _PALETTE: 1, _GREY_ALPHA: 2, _RGBA: 4}
_ADAM7 = ((0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2))

# Bytes a pixel that decoding, and whatever is done before the image is brought down, took at its peak: colour type
# and transparent colour -> bytes. Measured with ru_maxrss in a process of its own, at 6000 x 4000.
_PIXEL_BYTES = {
    (_GREY, False): 1.0,
    (_GREY, True): 10.0,
    (_RGB, False): 4.0,
    (_RGB, True): 12.0,
    (_PALETTE, False): 5.0,
    (_PALETTE, True): 10.0,
    (_GREY_ALPHA, False): 9.0,
    (_GREY_ALPHA, True): 9.0,
    (_RGBA, False): 9.0,
    (_RGBA, True): 9.0,
}
_ONE_BIT_BYTES, _DEEP_GREY_BYTES = 5.0, 4.0


@dataclass(slots=True)
class _Kept:
    """The chunks that decide the pixels, as places of the file (where they begin and end, or their content does)."""

    small: dict[bytes, Place] = field(default_factory=dict)
    images: list[Place] = field(default_factory=list)
    exif: Place = (0, 0)
    ended: bool = False
    """Whether the first run of image data is over."""

    def take(self, kind: bytes, begin: int, end: int) -> None:
        """Keep a chunk if it is needed; raises BrokenImage where it is far larger than such a one is."""
        content = begin + 8, end - 4
        if kind == b"IDAT" and not self.ended:
            self.images.append(content)
            return
        self.ended = bool(self.images)
        if kind in (b"PLTE", b"tRNS") and not self.images and kind not in self.small:
            if end - begin - _CHUNK_FRAME > _MAX_SMALL_CHUNK:
                raise BrokenImage
            self.small[kind] = begin, end
        elif kind == b"eXIf" and self.exif[0] == self.exif[1]:
            self.exif = content


def read_png(data: bytes) -> Contents:
    """Walk the chunks of a PNG; raises BrokenImage, IndexError or struct.error for what is none."""
    length, kind, width, height, depth, colour, _, _, interlace = struct.unpack_from(">I4sIIBBBBB", data, 8)
    if kind != b"IHDR" or length != 13 or not width or not height or colour not in _CHANNELS:
        raise BrokenImage
    kept = _walk(data)
    size = sum(stop - start for start, stop in kept.images)
    raw = _raw_bytes(width, height, depth * _CHANNELS[colour], interlaced=bool(interlace))
    return Contents(
        _essential(data, kept, size),
        width,
        height,
        exif_orientation(data[slice(*kept.exif)]),
        pixel_bytes=_pixel_bytes(depth, colour, transparent=b"tRNS" in kept.small),
        complete=raw <= size * _MAX_INFLATION,
    )


def _walk(data: bytes) -> _Kept:
    """Return what is needed of the chunks after the header, of a file that breaks off as much as there is."""
    kept, position = _Kept(), _HEAD_SIZE
    for _ in range(MAX_CHUNKS):
        length, kind = struct.unpack_from(">I4s", data, position)
        end = position + _CHUNK_FRAME + length
        if kind == b"IEND":
            return kept
        if end > len(data):
            if kind == b"IDAT" and not kept.ended:
                kept.images.append((position + 8, len(data)))
            return kept
        kept.take(kind, position, end)
        position = end
        if position + 8 > len(data):
            return kept
    raise BrokenImage


def _essential(data: bytes, kept: _Kept, size: int) -> bytes:
    """Return a PNG of the header, the chunks that were kept, and the `size` bytes of image data as one chunk."""
    whole = memoryview(data)
    return b"".join(
        (
            whole[:_HEAD_SIZE],
            *(whole[slice(*place)] for place in kept.small.values()),
            struct.pack(">I4s", size, b"IDAT"),
            *(whole[slice(*place)] for place in kept.images),
            # Pillow does not look at the checksum of image data; zlib has its own.
            b"\0\0\0\0" + _END,
        )
    )


def _raw_bytes(width: int, height: int, bits: int, *, interlaced: bool) -> int:
    """Return how many bytes the rows take before they are deflated, each with the byte of its filter."""
    if not interlaced:
        return height * (1 + (width * bits + 7) // 8)
    total = 0
    for left, top, across, down in _ADAM7:
        columns, rows = (width - left + across - 1) // across, (height - top + down - 1) // down
        total += rows * (1 + (columns * bits + 7) // 8) if columns > 0 and rows > 0 else 0
    return total


def _pixel_bytes(depth: int, colour: int, *, transparent: bool) -> float:
    if colour == _GREY and not transparent:
        return {1: _ONE_BIT_BYTES, 16: _DEEP_GREY_BYTES}.get(depth, _PIXEL_BYTES[_GREY, False])
    return _PIXEL_BYTES[colour, transparent]
