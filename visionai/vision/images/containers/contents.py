"""Declared contents of an image file, and the estimated cost of decoding it."""

from __future__ import annotations

from dataclasses import dataclass

_RGB_BYTES = 4
"""Bytes per pixel of RGB in Pillow, in which every image ends up."""


@dataclass(frozen=True, slots=True)
class Contents:
    """What a decoder needs of a file, and what it declares.

    `data` is the file for the decoder; `width` and `height` are in pixels, `orientation` is EXIF's, 1 to 8.
    `pixel_bytes` is what decoding takes at its peak for each pixel. A JPEG is decoded at a part of its size:
    `drafted_bytes` is what each pixel of that part takes, and `pixel_bytes` what is held of every pixel all the same.
    `visits` is how many times the decoder goes over all the pixels. `complete` is false where the bytes that are there
    cannot hold the pixels that are declared.
    """

    data: bytes
    width: int
    height: int
    orientation: int = 1
    pixel_bytes: float = 0.0
    drafted_bytes: float = 0.0
    visits: float = 1.0
    complete: bool = True

    def memory(self, enough: int) -> int:
        """Return the bytes that decoding takes where a longer side of `enough` pixels suffices."""
        pixels = self.width * self.height
        factor = max(1, max(self.width, self.height) // enough)
        # libjpeg divides by 1, 2, 4 or 8.
        drafted = pixels / min(8, 1 << (factor.bit_length() - 1)) ** 2
        # Bringing an image down makes another of it, and so does turning it.
        finished = pixels / factor**2 * _RGB_BYTES * ((factor > 1) + (self.orientation != 1))
        return round(pixels * self.pixel_bytes + drafted * self.drafted_bytes + finished)

    @property
    def work(self) -> int:
        """How many pixels the decoder goes over in all."""
        return round(self.width * self.height * self.visits)
