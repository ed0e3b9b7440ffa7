"""Corruptions of faces that change nothing about their expression, to measure robustness."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageFilter

from ..network.network import INPUT_SHAPE

Colour = npt.NDArray[np.uint8]


def as_input(pixels: npt.NDArray[np.uint8]) -> Colour:
    """Bring grey images uint8 (n, 48, 48) to the classifier's size and colours, uint8 (n, 96, 96, 3), bilinearly."""
    return np.stack([_enlarged(face) for face in pixels])


def disturbed(pixels: npt.NDArray[np.uint8], name: str) -> Colour:
    """Return `as_input` of the images, each disturbed as `DISTURBANCES` says under `name`."""
    return np.stack([DISTURBANCES[name](_enlarged(face)) for face in pixels])


def _enlarged(face: npt.NDArray[np.uint8]) -> Colour:
    image = Image.fromarray(face).resize(INPUT_SHAPE[1::-1], Image.Resampling.BILINEAR)
    return np.asarray(image.convert("RGB"))


def _affine(face: Colour, a: float, right: float, down: float, turn: float = 0.0) -> Colour:
    """Resample about the middle: zoom by 1/`a`, turn by `turn` radians, shift in pixels; black beyond the edge."""
    middle = face.shape[0] / 2
    cos, sin = a * np.cos(turn), a * np.sin(turn)
    offset = (middle - cos * middle + sin * middle + right, middle - sin * middle - cos * middle + down)
    matrix = (cos, -sin, offset[0], sin, cos, offset[1])
    image = Image.fromarray(face)
    return np.asarray(image.transform(image.size, Image.Transform.AFFINE, matrix, Image.Resampling.BILINEAR))


def _widened(face: Colour, factor: float) -> Colour:
    """Stretch across about the middle, as a crop of other proportions would."""
    middle = face.shape[1] / 2
    matrix = (1 / factor, 0, middle - middle / factor, 0, 1, 0)
    image = Image.fromarray(face)
    return np.asarray(image.transform(image.size, Image.Transform.AFFINE, matrix, Image.Resampling.BILINEAR))


def _blurred(face: Colour) -> Colour:
    return np.asarray(Image.fromarray(face).filter(ImageFilter.GaussianBlur(2.0)))


def _lit(face: Colour, red: float, green: float, blue: float) -> Colour:
    return np.asarray(face * np.array([red, green, blue]), np.uint8)


def _without_background(face: Colour) -> Colour:
    rows, columns = np.mgrid[-1 : 1 : face.shape[0] * 1j, -1 : 1 : face.shape[1] * 1j]
    inside = (columns / 0.85) ** 2 + rows**2 <= 1
    return np.where(inside[..., None], face, 0).astype(np.uint8)


DISTURBANCES: dict[str, Callable[[Colour], Colour]] = {
    "shifted": lambda face: _affine(face, 1.0, 8, -6),
    "nearer": lambda face: _affine(face, 0.85, 0, 0),
    "farther": lambda face: _affine(face, 1.2, 0, 0),
    "turned": lambda face: _affine(face, 1.0, 0, 0, np.radians(12)),
    "darkened": lambda face: _lit(face, 0.35, 0.35, 0.35),
    "blurred": _blurred,
    "wider": lambda face: _widened(face, 1.1),
    "tinted": lambda face: _lit(face, 1.0, 0.75, 0.5),
    "no_background": _without_background,
}
"""What is done to a face of 96x96 pixels, by name."""
