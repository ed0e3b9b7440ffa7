"""Image decoding: bytes or text to an upright RGB image, within limits that hold before anything is decoded.

Formats are told by content alone; nothing is ever opened by name or fetched. Of animations the first frame is read.
"""

from __future__ import annotations

import io
import struct
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from PIL import (
    BmpImagePlugin,
    GifImagePlugin,
    Image,
    ImageFile,
    JpegImagePlugin,
    PngImagePlugin,
    WebPImagePlugin,
)

from visionai.errors import (
    N_,
    BrokenImage,
    Busy,
    ImageTooLarge,
    ImageTooSmall,
    InvalidBase64,
    MissingImage,
    TooLarge,
    UnsupportedFormat,
    ValidationFailed,
)

from .admission import Admission, Need, admit_all
from .base64_text import base64_body, decode_body, longest_text
from .containers import Contents, read_container
from .signatures import Format, sniff
from .upright import as_rgb, is_sideways, turned

Pixels = npt.NDArray[np.uint8]

ENOUGH_PIXELS = 1920
"""A longer side, in pixels, beyond which more detail finds no more faces and reads none better."""

_MEGABYTE = 1 << 20

# The plugins are named here instead of going through `Image.open`, so that no other of Pillow's can be reached and
# its own idea of a decompression bomb never answers for ours.
_OPENERS: Mapping[Format, Callable[[io.BytesIO], ImageFile.ImageFile]] = {
    Format.JPEG: JpegImagePlugin.JpegImageFile,
    Format.PNG: PngImagePlugin.PngImageFile,
    Format.WEBP: WebPImagePlugin.WebPImageFile,
    Format.BMP: BmpImagePlugin.BmpImageFile,
    Format.GIF: GifImagePlugin.GifImageFile,
}

# What Pillow's parsers raise on damaged files: what half a million of them gave, and what `Image.open` foresees. The
# bomb is a GIF whose first frame reaches far beyond its own screen.
_DAMAGE = (OSError, SyntaxError, ValueError, LookupError, TypeError, struct.error, Image.DecompressionBombError)


@dataclass(frozen=True, slots=True)
class Limits:
    """What is read at most and at least: bytes of a file, pixels in all, pixels of the shorter side."""

    max_bytes: int = 10 * _MEGABYTE
    max_pixels: int = 64_000_000
    min_side: int = 16


@dataclass(frozen=True, slots=True)
class DecodedImage:
    """An upright RGB image.

    `width` and `height` are those of the image as it was sent, in pixels. `image` may be smaller, to save time:
    one pixel as sent is `scale` pixels of `image`, at most 1.
    """

    image: Image.Image
    width: int
    height: int
    scale: float = 1.0

    @property
    def pixels(self) -> Pixels:
        """The pixels of `image`: height x width x 3, RGB, uint8."""
        return np.asarray(self.image)


def decode(
    data: bytes, limits: Limits = Limits(), *, enough: int = ENOUGH_PIXELS, admit: Admission = admit_all
) -> DecodedImage:
    """Read the image in `data`.

    `enough` is a longer side, in pixels: an image with at least twice as many is read at a half, a quarter or an
    eighth of its size. `admit` is asked before anything is decoded. Raises MissingImage, TooLarge, UnsupportedFormat,
    ImageTooLarge, ImageTooSmall, BrokenImage, Busy where the memory is not to be had, and what `admit` raises.
    """
    if not data:
        raise MissingImage
    if len(data) > limits.max_bytes:
        raise TooLarge(limit=limits.max_bytes)
    kind = sniff(data)
    if kind is None:
        raise UnsupportedFormat
    try:
        return _read(data, kind, limits, enough, admit)
    except _DAMAGE as err:
        raise BrokenImage from err
    except MemoryError as err:
        raise Busy from err


def image_value(value: object) -> bytes | str:
    """Return an image as a client wrapped it: its bytes, or a text of base64 or a data URL, not decoded yet.

    Raises MissingImage for nothing, ValidationFailed for what is neither.
    """
    if value is None or value in ("", b""):
        raise MissingImage
    if isinstance(value, bytes | str):
        return value
    raise ValidationFailed({"image": [N_("Give bytes, base64 or a data URL.")]})


def bytes_from_text(text: str, limits: Limits = Limits()) -> bytes:
    """Return the bytes of a base64 text or a data URL.

    White space, missing padding and the URL-safe alphabet are accepted; a path or an address is not base64.
    Raises MissingImage, TooLarge (before decoding), InvalidBase64.
    """
    if len(text) > longest_text(limits.max_bytes):
        raise TooLarge(limit=limits.max_bytes)
    body = base64_body(text)
    if not body:
        raise MissingImage
    if len(body) * 3 // 4 > limits.max_bytes:
        raise TooLarge(limit=limits.max_bytes)
    data = decode_body(body)
    # Every letter of a path may be one of base64's; what begins with a slash and is no image is a path.
    if body.startswith(b"/") and sniff(data) is None:
        raise InvalidBase64
    return data


def _read(data: bytes, kind: Format, limits: Limits, enough: int, admit: Admission) -> DecodedImage:
    """Check the structure and the size, decode and turn upright."""
    contents = read_container(data, kind)
    sent = contents.width, contents.height
    _check_size(sent, limits)
    if not contents.complete:
        raise BrokenImage
    admit(Need(contents.memory(enough), contents.work, *sent))
    image = turned(_decoded(contents, kind, enough), contents.orientation)
    width, height = reversed(sent) if is_sideways(contents.orientation) else sent
    return DecodedImage(image, width, height, image.width / width)


def _decoded(contents: Contents, kind: Format, enough: int) -> Image.Image:
    """Decode to RGB; raises BrokenImage where the decoder sees another size than the structural check."""
    size = contents.width, contents.height
    with _OPENERS[kind](io.BytesIO(contents.data)) as file:
        if file.size != size:
            raise BrokenImage
        if kind is Format.JPEG:
            file.draft(None, _draft_size(size, enough))
        file.load()
        return as_rgb(file, enough)


def _check_size(size: tuple[int, int], limits: Limits) -> None:
    """Raise ImageTooLarge or ImageTooSmall where `size` is beyond the limits."""
    width, height = size
    if width * height > limits.max_pixels:
        raise ImageTooLarge(width=width, height=height, limit=limits.max_pixels)
    if min(width, height) < limits.min_side:
        raise ImageTooSmall(width=width, height=height, limit=limits.min_side)


def _draft_size(size: tuple[int, int], enough: int) -> tuple[int, int]:
    """Return the size to ask libjpeg for: the longer side `enough`, the shorter in proportion."""
    longer = max(size)
    return max(1, size[0] * enough // longer), max(1, size[1] * enough // longer)
