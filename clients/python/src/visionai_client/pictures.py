"""Pictures as the server takes them: encoded, from wherever they are."""

from __future__ import annotations

import io
import os
from pathlib import Path
from typing import Any, Protocol, runtime_checkable


@runtime_checkable
class Readable(Protocol):
    """An open file, or what reads like one."""

    def read(self) -> bytes: ...


@runtime_checkable
class PillowImage(Protocol):
    """A picture of Pillow."""

    mode: str

    def save(self, fp: Any, format: str | None = None) -> None: ...


@runtime_checkable
class Pixels(Protocol):
    """A numpy array: height x width x 3 of uint8 in the order RGB, or height x width of grey. OpenCV's are BGR."""

    @property
    def __array_interface__(self) -> dict[str, Any]: ...


Picture = str | os.PathLike[str] | bytes | bytearray | memoryview | Readable | PillowImage | Pixels
"""The path of a file, its bytes, an open file, a picture of Pillow, or an array of pixels."""


def encoded(picture: Picture) -> bytes:
    """Return a picture's bytes; raises TypeError for what is none, OSError for a file that cannot be read."""
    if isinstance(picture, bytes | bytearray | memoryview):
        return bytes(picture)
    if isinstance(picture, str | os.PathLike):
        return Path(picture).read_bytes()
    if isinstance(picture, PillowImage):
        return _saved(picture)
    if isinstance(picture, Pixels):
        from PIL import Image  # The extra `images`.

        return _saved(Image.fromarray(picture))
    if isinstance(picture, Readable):
        return picture.read()
    raise TypeError(f"A picture is a path, bytes, a file, a Pillow image or an array, not {type(picture).__name__}.")


def _saved(image: Any) -> bytes:
    file = io.BytesIO()
    image.save(file, "PNG")
    return file.getvalue()
