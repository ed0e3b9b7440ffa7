"""JPEG as a container: its segments and scans (ITU-T T.81, annex B).

Pillow collects every application segment, joins Exif segments one by one, and reads tables in Python; libjpeg goes over
all the pixels once for every scan, however empty. So segments are counted, only those that decoding needs are handed
on, and the scans of a file are bounded by what they cost.
"""

from __future__ import annotations

import re
import struct

from ....errors import BrokenImage
from ..signatures import exif_orientation
from .contents import Contents

MAX_SEGMENTS = 1024
"""Segments of a file. An ICC profile may have 255, extended XMP one for every 64 KB."""

MAX_TABLE_BYTES = 128 * 1024
"""Bytes of the segments that decoding needs: at most four tables of each kind, each under 300 bytes, and Adobe's."""

MAX_SCANS = 100
"""Scans of a progressive file; encoders write about ten."""

MAX_BLOCK_VISITS = 24_000_000
"""Blocks of 8 x 8 samples that all scans together go over: at 0.1 us each 2.4 s, on the slowest of paths."""

_SOI, _EOI, _SOS, _EXIF = b"\xff\xd8", 0xD9, 0xDA, b"Exif\0\0"
_SOF_SEQUENTIAL, _SOF_PROGRESSIVE = (0xC0, 0xC1), 0xC2
# Arithmetic, lossless and hierarchical coding: no browser and no camera writes or reads them.
_SOF_OTHERS = frozenset((0xC3, 0xC5, 0xC6, 0xC7, 0xC9, 0xCA, 0xCB, 0xCC, 0xCD, 0xCE, 0xCF, 0xDE))
_DHT, _DQT, _DRI, _APP0, _APP1, _APP14 = 0xC4, 0xDB, 0xDD, 0xE0, 0xE1, 0xEE
_NEEDED = frozenset((*_SOF_SEQUENTIAL, _SOF_PROGRESSIVE, _DHT, _DQT, _DRI))
# Which markers tell libjpeg the colour space, and how their segments begin.
_COLOUR = {_APP0: b"JFIF\0", _APP14: b"Adobe"}
# A marker with a segment, or the end. Zero after 0xFF is a byte of a scan, 0xD0 to 0xD7 restart within one.
_MARKER = re.compile(rb"\xff[\xc0-\xcf\xd9-\xfe]")
# A block takes two bits at least (a code each for DC and AC), in a progressive file's first scan one.
_PIXELS_PER_BYTE = {False: 64 * 8 // 2, True: 64 * 8}
_MODE_BYTES = {1: 1, 3: 4, 4: 8}


class _FrameHeader:
    """The frame header: size, coding, and each component's share of the samples."""

    def __init__(self, data: bytes, position: int, marker: int) -> None:
        self.width: int
        self.height: int
        size, precision, self.height, self.width, count = struct.unpack_from(">HBHHB", data, position + 2)
        if precision != 8 or count not in _MODE_BYTES or size != 8 + 3 * count or not self.width or not self.height:
            raise BrokenImage
        self.progressive = marker == _SOF_PROGRESSIVE
        # Horizontal and vertical sampling, by component.
        factors = {data[at]: divmod(data[at + 1], 16) for at in range(position + 10, position + 10 + 3 * count, 3)}
        widest, highest = (max(factor[axis] for factor in factors.values()) for axis in (0, 1))
        if len(factors) != count or not all(1 <= h <= 4 and 1 <= v <= 4 for h, v in factors.values()):
            raise BrokenImage
        self.shares = {name: h * v / (widest * highest) for name, (h, v) in factors.items()}

    @property
    def pixels(self) -> int:
        return self.width * self.height


def read_jpeg(data: bytes) -> Contents:
    """Walk the segments of a JPEG; raises BrokenImage, IndexError or struct.error for what is none."""
    frame: _FrameHeader | None = None
    kept: list[tuple[int, int]] = []
    orientation: int | None = None
    tables = 0
    position = 2
    for _ in range(MAX_SEGMENTS):
        position, marker, end = _segment(data, position)
        if marker == _SOS:
            break
        if marker in _NEEDED or (marker in _COLOUR and data.startswith(_COLOUR[marker], position + 4)):
            kept.append((position, end))
            tables += end - position
        if marker in _NEEDED and marker not in (_DHT, _DQT, _DRI):
            if frame is not None:
                raise BrokenImage
            frame = _FrameHeader(data, position, marker)
        elif marker == _APP1 and orientation is None and data.startswith(_EXIF, position + 4):
            orientation = exif_orientation(data[position + 4 : end])
        elif marker == _EOI or marker in _SOF_OTHERS:
            raise BrokenImage
        position = end
    else:
        raise BrokenImage
    if frame is None or tables > MAX_TABLE_BYTES:
        raise BrokenImage
    visits, buffered = _effort(data, position, frame)
    return Contents(
        _essential(data, kept, position),
        frame.width,
        frame.height,
        orientation or 1,
        pixel_bytes=buffered,
        drafted_bytes=_MODE_BYTES[len(frame.shares)],
        visits=visits,
        complete=frame.pixels <= (len(data) - position) * _PIXELS_PER_BYTE[frame.progressive],
    )


def _effort(data: bytes, position: int, frame: _FrameHeader) -> tuple[float, float]:
    """Return how often decoding visits each pixel, and the bytes a pixel that it holds until the last scan."""
    # A sequential file whose first scan has every component is read to the end of that scan and no further.
    if not frame.progressive and data[position + 4] >= len(frame.shares):
        return 1.0, 0.0
    return _scan_visits(data, position, frame), 2 * sum(frame.shares.values())  # Coefficients are 16 bits wide.


def _segment(data: bytes, position: int) -> tuple[int, int, int]:
    """Return where the next segment begins, its marker, and where it ends; raises BrokenImage beyond the file."""
    if data[position] != 0xFF or not 0xD9 <= data[position + 1] <= 0xFE:
        found = _MARKER.search(data, position)
        if found is None:
            raise BrokenImage
        position = found.start()
    marker = data[position + 1]
    if marker == _EOI:
        return position, marker, position + 2
    size = data[position + 2] << 8 | data[position + 3]
    end = position + 2 + size
    if size < 2 or end > len(data):
        raise BrokenImage
    return position, marker, end


def _scan_visits(data: bytes, position: int, frame: _FrameHeader) -> float:
    """Return how many times the scans from `position` on go over all samples; raises BrokenImage for too many."""
    most = MAX_SCANS if frame.progressive else len(frame.shares)
    scans, tables, visits = 0, 0, 0.0
    for _ in range(MAX_SEGMENTS):
        position, marker, end = _segment(data, position)
        if marker == _EOI:
            break
        if marker == _SOS:
            scans += 1
            names = data[position + 5 : position + 5 + 2 * data[position + 4] : 2]
            visits += sum(frame.shares.get(name, 1.0) for name in names)
        elif marker in _NEEDED:
            tables += end - position
        if scans > most or tables > MAX_TABLE_BYTES or visits * frame.pixels / 64 > MAX_BLOCK_VISITS:
            raise BrokenImage
        # The regular expression goes over a scan's data in C.
        found = _MARKER.search(data, end)
        if found is None:
            raise BrokenImage
        position = found.start()
    else:
        raise BrokenImage
    return visits


def _essential(data: bytes, kept: list[tuple[int, int]], scans: int) -> bytes:
    """Return the file with the segments of `kept` alone before its scans; `data` itself where it has no others."""
    if sum(end - start for start, end in kept) + len(_SOI) == scans:
        return data
    whole = memoryview(data)
    return b"".join((_SOI, *(whole[start:end] for start, end in kept), whole[scans:]))
