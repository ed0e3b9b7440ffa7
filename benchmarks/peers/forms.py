"""The form in which a peer gets its pictures, and the search for the one it reads best."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, replace
from enum import StrEnum
from typing import Any

import numpy as np
import numpy.typing as npt
from PIL import Image

Pictures = npt.NDArray[np.uint8]
Score = Callable[["Form", str], float]
"""How well a peer reads pictures in a form: plain ones, ones disturbed in turn, or those of a disturbance by name."""

PLAIN = "plain"
IN_TURN = "disturbed"
LEAST_GAIN = 0.005
"""What another form must gain to be preferred; less, on the pictures to choose by, is noise."""


class Fill(StrEnum):
    """What stands beyond the edge of a picture."""

    EDGE = "edge"
    MEAN = "mean"
    BLACK = "black"


@dataclass(frozen=True)
class Form:
    """How pictures are handed to a peer.

    `network` is which of its files it uses, `side` the pixels a side. `halved`: first brought back to the 48 pixels
    of the data. `scale` is the side of the square that is taken, in picture sides: below 1 the middle, above 1 the
    picture with a border of `fill`. `down` moves that square, in picture sides.
    """

    network: str
    side: int
    halved: bool = False
    resample: str = "bilinear"
    scale: float = 1.0
    down: float = 0.0
    fill: Fill = Fill.EDGE
    grey: bool = False


@dataclass(frozen=True)
class Axis:
    """A field of a form, the values to try for it, and the kinds of pictures that decide, all counting alike."""

    field: str
    values: tuple[Any, ...]
    decided_by: tuple[str, ...] = (PLAIN, IN_TURN)


COMMON_AXES = (
    Axis("halved", (False, True)),
    Axis("resample", ("bilinear", "bicubic", "lanczos")),
    Axis("scale", (1.0, 0.75, 0.85, 0.92, 1.08, 1.2, 1.35)),
    Axis("down", (0.0, -0.05, 0.05)),
    Axis("fill", tuple(Fill)),
)


def search(start: Form, axes: Sequence[Axis], score: Score) -> tuple[Form, list[dict[str, Any]]]:
    """Return the best form and all that were tried: one field after the other, each from the best so far.

    A value that gains less than `LEAST_GAIN` over the one before does not count.
    """
    best, tried = start, []
    for axis in axes:
        forms = [replace(best, **{axis.field: value}) for value in _values(best, axis)]
        scores = [float(np.mean([score(form, kind) for kind in axis.decided_by])) for form in forms]
        entries = [
            asdict(form) | {"on": " and ".join(axis.decided_by), "score": round(value, 4)}
            for form, value in zip(forms, scores, strict=True)
        ]
        tried += [entry for entry in entries if entry not in tried]
        if max(scores) - scores[0] >= LEAST_GAIN:
            best = forms[int(np.argmax(scores))]
    return best, tried


def _values(form: Form, axis: Axis) -> list[Any]:
    """Return the values to try, the form's own first."""
    own = getattr(form, axis.field)
    if axis.field == "fill" and form.scale <= 1 and form.down == 0:
        return [own]
    return [own, *(value for value in axis.values if value != own)]


def shaped(pictures: Pictures, form: Form) -> Pictures:
    """Return pictures uint8 (n, s, s, 3) in a form, uint8 (n, side, side, 3)."""
    return np.stack([_shaped(picture, form) for picture in pictures])


def _shaped(pixels: Pictures, form: Form) -> Pictures:
    picture = Image.fromarray(pixels)
    if form.halved:
        picture = picture.reduce(2)
    if form.grey:
        picture = picture.convert("L").convert("RGB")
    side = picture.width
    border = round(side * (max(form.scale - 1, 0) / 2 + abs(form.down)) + 0.5)
    middle, half = border + side / 2, form.scale * side / 2
    box = (middle - half, middle - half + form.down * side, middle + half, middle + half + form.down * side)
    bordered = Image.fromarray(_bordered(np.asarray(picture), border, form.fill))
    resample = Image.Resampling[form.resample.upper()]
    return np.asarray(bordered.resize((form.side, form.side), resample, box))


def _bordered(pixels: Pictures, border: int, fill: Fill) -> Pictures:
    around = ((border, border), (border, border), (0, 0))
    if fill is Fill.EDGE:
        return np.pad(pixels, around, mode="edge")
    padded = np.pad(pixels, around)
    if fill is Fill.MEAN:
        outside = np.pad(np.zeros(pixels.shape[:2], bool), border, constant_values=True)
        padded[outside] = pixels.mean(axis=(0, 1)).round()
    return padded
