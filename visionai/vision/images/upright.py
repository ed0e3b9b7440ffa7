"""Convert to RGB, downscale, apply EXIF orientation."""

from __future__ import annotations

import numpy as np
from PIL import Image

_GROUND = (255, 255, 255)
_BAND_PIXELS = 1 << 18

# EXIF's orientations: what is to be done for the image to stand upright. Exif 2.32, 4.6.4.
_TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}


def as_rgb(image: Image.Image, enough: int) -> Image.Image:
    """Return an image as RGB, brought down by a whole factor until its longer side is under twice `enough`."""
    return _flat(_brought_down(_plain(image), enough))


def turned(image: Image.Image, orientation: int) -> Image.Image:
    """Return an image of an EXIF orientation, 1 to 8, upright."""
    turn = _TURNS.get(orientation)
    return image if turn is None else image.transpose(turn)


def is_sideways(orientation: int) -> bool:
    """Tell whether width and height change places when an image is turned upright."""
    return orientation >= 5


def _plain(image: Image.Image) -> Image.Image:
    """Turn palettes, bits and 16-bit greys into L, RGB or RGBA, which can be averaged."""
    if image.mode.startswith("I"):
        return _eight_bits(image)
    if image.mode in {"P", "PA", "1"} or "transparency" in image.info:
        return image.convert("RGBA" if image.has_transparency_data else "RGB")
    return image


def _brought_down(image: Image.Image, enough: int) -> Image.Image:
    """Average whole blocks of pixels."""
    factor = max(image.size) // enough
    return image.reduce(factor) if factor > 1 else image


def _flat(image: Image.Image) -> Image.Image:
    """Put what is transparent on white, as browsers show it."""
    if image.mode not in {"RGBA", "LA"}:
        return image if image.mode == "RGB" else image.convert("RGB")
    ground = Image.new("RGB", image.size, _GROUND)
    ground.paste(image, mask=image.getchannel("A"))
    return ground


def _eight_bits(image: Image.Image) -> Image.Image:
    """Scale a 16-bit grey to 8 bits, where Pillow would clip; in bands, so that no whole copy is made on the way."""
    scaled = Image.new("L", image.size)
    rows = max(1, _BAND_PIXELS // image.width)
    for top in range(0, image.height, rows):
        band = np.asarray(image.crop((0, top, image.width, min(top + rows, image.height))))
        scaled.paste(Image.fromarray((band.astype(np.uint32) >> 8).astype(np.uint8)), (0, top))
    return scaled
