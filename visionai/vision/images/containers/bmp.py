"""BMP as a container: its header, and the rows that must all be there.

Source: https://learn.microsoft.com/en-us/windows/win32/gdi/bitmap-structures
"""

from __future__ import annotations

import struct

from ....errors import BrokenImage, UnsupportedFormat
from .contents import Contents

_CORE_HEADER = 12
_RLE = (1, 2)
_NEGATIVE = 1 << 31

# Bits of a pixel -> bytes that decoding takes for it: an index and RGB, or RGB in four; measured with ru_maxrss.
_PIXEL_BYTES = {1: 5.0, 4: 5.0, 8: 5.0, 16: 4.0, 24: 4.0, 32: 9.0}


def read_bmp(data: bytes) -> Contents:
    """Check the header of a BMP; raises BrokenImage, UnsupportedFormat or struct.error.

    Run lengths (BI_RLE4, BI_RLE8) are not read: Pillow expands them byte by byte in Python, and nothing that takes or
    shows photographs writes them.
    """
    offset, header = struct.unpack_from("<II", data, 10)
    if header == _CORE_HEADER:
        width, height, _, bits = struct.unpack_from("<HHHH", data, 18)
        compression, colours = 0, 0
    else:
        width, height, _, bits, compression = struct.unpack_from("<IIHHI", data, 18)
        (colours,) = struct.unpack_from("<I", data, 46)
        if height >= _NEGATIVE:  # Rows from the top down.
            height = 2 * _NEGATIVE - height
    if compression in _RLE:
        raise UnsupportedFormat
    if bits not in _PIXEL_BYTES or not width or not height or (bits <= 8 and colours > 1 << bits):
        raise BrokenImage
    row = (width * bits + 31) // 32 * 4
    return Contents(
        data,
        width,
        height,
        pixel_bytes=_PIXEL_BYTES[bits],
        # The last row may come without the bytes that round it up.
        complete=offset + row * height - 3 <= len(data),
    )
