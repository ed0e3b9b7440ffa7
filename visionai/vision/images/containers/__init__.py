"""Structural checks of image files: each format's container is walked before a decoder sees it.

A walk takes a bounded number of steps whatever the file holds. It leaves out what no pixel depends on (profiles, texts,
thumbnails, later frames), so that no decoder spends time or memory on it, and refuses a file whose bytes cannot hold
the pixels that it declares. What the decoder gets is a file of its own format again.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from ..signatures import Format
from .bmp import read_bmp
from .contents import Contents
from .gif import read_gif
from .jpeg import read_jpeg
from .png import read_png
from .webp import read_webp

__all__ = ["Contents", "read_container"]

_READERS: Mapping[Format, Callable[[bytes], Contents]] = {
    Format.JPEG: read_jpeg,
    Format.PNG: read_png,
    Format.WEBP: read_webp,
    Format.BMP: read_bmp,
    Format.GIF: read_gif,
}


def read_container(data: bytes, kind: Format) -> Contents:
    """Return what a decoder needs of `data`; raises BrokenImage, UnsupportedFormat, struct.error or IndexError."""
    return _READERS[kind](data)
