"""Where the faces of a picture are."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from PIL import Image

from .blazeface import FULL_RANGE, SCORE, SHORT_RANGE, BlazeFace, Rows, View, load
from .images import Pixels
from .results import Box
from .runtime import Network, Precision
from .suppression import suppress

Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Detection:
    """A face: its box and six key points in pixels of the picture looked at, and a score, 0 to 1.

    `points` are the eye on the picture's left, the eye on its right, nose tip, mouth, and the tragions in the same
    order. Boxes and points may reach beyond the picture.
    """

    left: float
    top: float
    width: float
    height: float
    score: float
    points: tuple[Point, ...]

    def scaled(self, factor: float) -> Detection:
        """Return the same face in a picture `factor` times the size."""
        points = tuple((x * factor, y * factor) for x, y in self.points)
        box = (self.left * factor, self.top * factor, self.width * factor, self.height * factor)
        return Detection(*box, self.score, points)


@dataclass(frozen=True, slots=True)
class Search:
    """How faces are searched for; the values are the best of those measured by benchmarks/detection.py.

    `threshold` is the least score of a face, `candidate` that of a candidate which may lend its weight to one.
    `tiles_from` is the longer side, in pixels, from which a picture is also searched tile by tile.
    `border_threshold` is the least score in the second look, with a border. `near_threshold` is that of a face that
    is looked for near a box, in a view `near_margin` times its longer side.
    """

    threshold: float = 0.7
    candidate: float = 0.5
    tiles_from: int = 768
    border_threshold: float = 0.5
    near_threshold: float = 0.7
    near_margin: float = 2.0


class DetectorNetworks:
    """The compiled networks of face detection, to be shared by the detectors of several threads."""

    def __init__(self, *, threads: int = 1, precision: Precision | str = Precision.DEFAULT) -> None:
        self._full: Network = load(FULL_RANGE, threads=threads, precision=precision)
        self._short: Network = load(SHORT_RANGE, threads=threads, precision=precision)

    def detector(self, search: Search = Search()) -> FaceDetector:
        """Make a detector for the calling thread."""
        full = BlazeFace(FULL_RANGE, self._full.session())
        return FaceDetector(full, BlazeFace(SHORT_RANGE, self._short.session()), search)


class FaceDetector:
    """Finds faces with BlazeFace. For one thread."""

    def __init__(self, full: BlazeFace, short: BlazeFace, search: Search = Search()) -> None:
        self._full = full
        self._short = short
        self._search = search

    def detect(self, picture: Image.Image | Pixels, *, thorough: bool = True) -> list[Detection]:
        """Return the faces of an upright RGB picture, best first.

        Large pictures are searched tile by tile too, unless `thorough` is false, as for live frames. Where nothing is
        found the picture is searched once more with a border of half its longer side: the network knows faces with
        something around them, and a tight crop has nothing.
        """
        image = _image(picture)
        found = self._find(image, thorough)
        return _detections(found if len(found) else self._find_with_border(image))

    def detect_near(self, picture: Image.Image | Pixels, boxes: Iterable[Box]) -> list[Detection]:
        """Return the faces found by a quick look near `boxes`, at most one each, best first."""
        image = _image(picture)
        found = [self._near(image, box) for box in boxes]
        return _detections(suppress(np.concatenate(found), self._search.near_threshold)) if found else []

    def _find(self, image: Image.Image, thorough: bool) -> Rows:
        search = self._search
        rows = self._full.candidates(image, View(0, 0, *image.size), search.candidate)
        if thorough and max(image.size) >= search.tiles_from:
            rows = np.concatenate([suppress(rows, search.candidate), *self._tiles(image)])
        return suppress(rows, search.threshold)

    def _tiles(self, image: Image.Image) -> Iterator[Rows]:
        """Search overlapping square tiles of half the longer side; drop boxes that a tile's inner edge cuts."""
        for tile in tiles(image.size):
            rows = suppress(self._full.candidates(image, tile, self._search.candidate), self._search.candidate)
            yield rows[_whole(rows, tile, image.size)]

    def _find_with_border(self, image: Image.Image) -> Rows:
        border = max(image.size) / 2
        view = View(-border, -border, image.width + 2 * border, image.height + 2 * border)
        rows = self._full.candidates(image, view, min(self._search.candidate, self._search.border_threshold))
        return suppress(rows, self._search.border_threshold)

    def _near(self, image: Image.Image, box: Box) -> Rows:
        """Return the best face whose middle lies in `box`, if any."""
        side = max(box.width, box.height) * self._search.near_margin
        x, y = box.x + box.width / 2, box.y + box.height / 2
        view = View(x - side / 2, y - side / 2, side, side)
        rows = suppress(self._short.candidates(image, view, self._search.candidate), self._search.near_threshold)
        middle = (rows[:, 0:2] + rows[:, 2:4]) / 2
        inside = np.all(np.abs(middle - (x, y)) * 2 <= (box.width, box.height), axis=1)
        return rows[inside][:1]


def tiles(size: tuple[int, int]) -> list[View]:
    """Return square tiles of half the longer side that cover a picture, neighbours a third or more over each other."""
    side = max(size) // 2
    return [
        View(x, y, min(side, size[0]), min(side, size[1]))
        for y in _starts(size[1], side)
        for x in _starts(size[0], side)
    ]


def _starts(length: int, side: int) -> Sequence[int]:
    """Return where tiles of `side` begin along `length`: evenly, stepped by two thirds of a tile at most."""
    if length <= side:
        return (0,)
    steps = -(-(length - side) * 3 // (side * 2))
    return [round(index * (length - side) / steps) for index in range(steps + 1)]


def _whole(rows: Rows, tile: View, size: tuple[int, int]) -> npt.NDArray[np.bool_]:
    """Tell which boxes do not touch an edge of the tile that lies within the picture."""
    left = (rows[:, 0] > tile.left) | (tile.left <= 0)
    top = (rows[:, 1] > tile.top) | (tile.top <= 0)
    right = (rows[:, 2] < tile.left + tile.width) | (tile.left + tile.width >= size[0])
    bottom = (rows[:, 3] < tile.top + tile.height) | (tile.top + tile.height >= size[1])
    return np.asarray(left & top & right & bottom)


def _image(picture: Image.Image | Pixels) -> Image.Image:
    return picture if isinstance(picture, Image.Image) else Image.fromarray(picture)


def _detections(rows: Rows) -> list[Detection]:
    return [_detection(row) for row in rows.tolist()]


def _detection(row: list[float]) -> Detection:
    left, top, right, bottom = row[:4]
    points = tuple(zip(row[4:SCORE:2], row[5:SCORE:2], strict=True))
    return Detection(left, top, right - left, bottom - top, row[SCORE], points)
