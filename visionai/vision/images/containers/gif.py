"""GIF as a container: its blocks (https://www.w3.org/Graphics/GIF/spec-gif89a.txt).

Pillow joins comments in Python and keeps them. What the first frame needs is the screen, the palettes, the transparent
colour and the frame itself; extensions before it are left out.
"""

from __future__ import annotations

import struct

from ....errors import BrokenImage
from .contents import Contents

MAX_BLOCKS = 16_384
"""Blocks of at most 255 bytes that may come before the first frame."""

_SCREEN_END = 13
_EXTENSION, _IMAGE, _CONTROL = 0x21, 0x2C, 0xF9
_PALETTE_FLAG = 0x80
_MAX_INFLATION = 4096 * 8 // 9 + 1
"""Pixels that LZW makes of a byte at most: a code has nine bits or more before it can stand for thousands."""

_PIXEL_BYTES, _TRANSPARENT_BYTES = 5.0, 10.0
"""Bytes a pixel: indices and RGB, or indices and RGBA twice; measured with ru_maxrss."""


def read_gif(data: bytes) -> Contents:
    """Walk to the first frame of a GIF; raises BrokenImage, IndexError or struct.error for what is none."""
    screen_width, screen_height, flags = struct.unpack_from("<HHB", data, 6)
    screen_end = _SCREEN_END + _palette_bytes(flags)
    control, frame = _first_frame(data, screen_end)
    left, top, width, height, flags = struct.unpack_from("<HHHHB", data, frame + 1)
    pixels_at = frame + 10 + _palette_bytes(flags) + 1
    if not width or not height:
        raise BrokenImage
    pieces = data[:screen_end], control, memoryview(data)[frame:]
    transparent = bool(control) and control[3] & 1
    return Contents(
        data if frame == screen_end + len(control) else b"".join(pieces),
        # As Pillow does, for the old files whose screen is said to be nothing: a frame may be larger than the screen.
        max(screen_width, left + width),
        max(screen_height, top + height),
        pixel_bytes=_TRANSPARENT_BYTES if transparent else _PIXEL_BYTES,
        complete=width * height <= (len(data) - pixels_at) * _MAX_INFLATION,
    )


def _first_frame(data: bytes, position: int) -> tuple[bytes, int]:
    """Return the last graphic control extension before the first frame, and where that begins."""
    control = b""
    left = MAX_BLOCKS
    while data[position] != _IMAGE:
        if data[position] != _EXTENSION:
            raise BrokenImage
        start, kind = position, data[position + 1]
        position += 2
        while size := data[position]:
            position += 1 + size
            left -= 1
            if not left:
                raise BrokenImage
        position += 1
        left -= 1
        if not left:
            raise BrokenImage
        if kind == _CONTROL and position - start == 8:
            control = data[start:position]
    return control, position


def _palette_bytes(flags: int) -> int:
    return 3 << (flags & 7) + 1 if flags & _PALETTE_FLAG else 0
