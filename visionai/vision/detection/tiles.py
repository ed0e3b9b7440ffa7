"""Overlapping tiles of a large image, so that its small faces are large enough for the detector."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from .blazeface import Rows, View


def tiles(size: tuple[int, int], parts: int) -> list[View]:
    """Return square tiles that cover an image, `parts` to its longer side were they not to overlap by a third."""
    side = max(size) // parts
    width, height = min(side, size[0]), min(side, size[1])
    return [View(x, y, width, height) for y in _starts(size[1], side) for x in _starts(size[0], side)]


def whole_in(tile: View, rows: Rows, size: tuple[int, int]) -> npt.NDArray[np.bool_]:
    """Tell which boxes no edge of the tile cuts; where the tile ends with the image, nothing is cut."""
    right, bottom = tile.left + tile.width, tile.top + tile.height
    return np.asarray(
        ((rows[:, 0] > tile.left) | (tile.left <= 0))
        & ((rows[:, 1] > tile.top) | (tile.top <= 0))
        & ((rows[:, 2] < right) | (right >= size[0]))
        & ((rows[:, 3] < bottom) | (bottom >= size[1]))
    )


def _starts(length: int, side: int) -> Sequence[int]:
    """Return where tiles of `side` begin along `length`: evenly, stepped by two thirds of a tile at most."""
    if length <= side:
        return (0,)
    steps = -(-(length - side) * 3 // (side * 2))
    return [round(index * (length - side) / steps) for index in range(steps + 1)]
