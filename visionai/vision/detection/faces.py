"""Face detection in an image, whole and by overlapping tiles."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from PIL import Image

from ..images.decoding import Pixels
from ..results import Box
from ..runtime import Network, Precision
from .blazeface import FULL_RANGE, SCORE, SHORT_RANGE, BlazeFace, Rows, View, load
from .suppression import suppress
from .tiles import tiles, whole_in

Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Detection:
    """A face: its box and six key points in pixels of the image looked at, and a score, 0 to 1.

    `points` are the eye on the image's left, the eye on its right, nose tip, mouth, and the tragions in the same
    order. Boxes and points may reach beyond the image.
    """

    left: float
    top: float
    width: float
    height: float
    score: float
    points: tuple[Point, ...]

    def scaled(self, factor: float) -> Detection:
        """Return the same face in an image `factor` times the size."""
        points = tuple((x * factor, y * factor) for x, y in self.points)
        box = (self.left * factor, self.top * factor, self.width * factor, self.height * factor)
        return Detection(*box, self.score, points)


@dataclass(frozen=True, slots=True)
class Search:
    """How faces are searched for: scores from 0 to 1, the best of those measured by benchmarks/vision/detection.py.

    What scores `sure` is a face. What scores `doubtful` is one if the short-range network, which is trained on larger
    faces and looks closely, gives it `confirmed`. From a longer side of `tiles_from` pixels an image is searched by
    tiles of half that side too, and any where no face has `crowd` of it, down to tiles of a quarter. A closer look
    shows `near_margin` times the longer side of a box. A face in a tight crop scores `tight`, has `tight_side` of the
    crop's shorter side or more, and its middle is within `tight_offset` of the crop's, in the crop's width and height.
    """

    sure: float = 0.7
    doubtful: float = 0.4
    confirmed: float = 0.7
    tiles_from: int = 768
    crowd: float = 0.08
    near_margin: float = 2.5
    tight: float = 0.6
    tight_side: float = 0.5
    tight_offset: float = 0.25


_MOST_DOUBTFUL = 16
"""Doubtful candidates that are looked at closely, the best first."""

_RISE, _GROWTH = 0.058, 1.03
"""How much lower (in sides) and tighter the short-range network frames a face than the full-range one."""


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

    def detect(self, image: Image.Image | Pixels, *, thorough: bool = True) -> list[Detection]:
        """Return the faces of an upright RGB image, best first.

        Large images are searched tile by tile too, unless `thorough` is false, as for live frames. Where nothing is
        found the image is searched once more with a border of half its longer side: a tight crop has nothing around
        the face, and the networks know faces with something around them.
        """
        image = _image(image)
        found = self._find(image, thorough)
        return _detections(found if len(found) else self._find_tight(image))

    def detect_near(self, image: Image.Image | Pixels, boxes: Iterable[Box]) -> list[Detection]:
        """Return the faces found by a quick look near `boxes`, at most one each, best first."""
        image = _image(image)
        found = [self._look_closely(image, box.x, box.y, box.width, box.height) for box in boxes]
        return _detections(suppress(np.concatenate(found), self._search.confirmed)) if found else []

    def _find(self, image: Image.Image, thorough: bool) -> Rows:
        search = self._search
        rows = suppress(self._full.candidates(image, View(0, 0, *image.size), search.doubtful), search.doubtful)
        if thorough:
            for parts in (2, 4):
                if self._deserves_tiles(image, rows, parts):
                    rows = self._with_tiles(image, rows, parts)
        sure = int(np.count_nonzero(rows[:, SCORE] >= search.sure))
        confirmed = [row for row in rows[sure : sure + _MOST_DOUBTFUL] if self._confirms(image, row)]
        return np.concatenate([rows[:sure], np.reshape(confirmed, (-1, SCORE + 1))])

    def _deserves_tiles(self, image: Image.Image, rows: Rows, parts: int) -> bool:
        """Tell whether tiles show more than was seen: they are no finer than the input, and the faces so far small."""
        longer = max(image.size)
        small = _largest(rows) < self._search.crowd * longer
        return longer >= parts * FULL_RANGE.side and (small or (parts == 2 and longer >= self._search.tiles_from))

    def _with_tiles(self, image: Image.Image, rows: Rows, parts: int) -> Rows:
        """Add what overlapping tiles show; a box that a tile's inner edge cuts is dropped, a neighbour has it whole."""
        found = [rows]
        for tile in tiles(image.size, parts):
            rows = suppress(self._full.candidates(image, tile, self._search.doubtful), self._search.doubtful)
            found.append(rows[whole_in(tile, rows, image.size)])
        return suppress(np.concatenate(found), self._search.doubtful)

    def _find_tight(self, image: Image.Image) -> Rows:
        """Search with a border of half the longer side for a face that fills most of the image."""
        search = self._search
        border = max(image.size) / 2
        view = View(-border, -border, image.width + 2 * border, image.height + 2 * border)
        rows = suppress(self._short.candidates(image, view, search.doubtful), search.tight)
        middle = (rows[:, 0:2] + rows[:, 2:4]) / 2 / image.size
        central = np.all(np.abs(middle - 0.5) <= search.tight_offset, axis=1)
        large = np.max(rows[:, 2:4] - rows[:, 0:2], axis=1, initial=0) >= search.tight_side * min(image.size)
        return _framed_as_full_range(rows[central & large])

    def _confirms(self, image: Image.Image, row: npt.NDArray[np.float32]) -> bool:
        left, top, right, bottom = row[:4].tolist()
        return len(self._look_closely(image, left, top, right - left, bottom - top)) > 0

    def _look_closely(self, image: Image.Image, left: float, top: float, width: float, height: float) -> Rows:
        """Return the best face whose middle lies in a box, if any."""
        side = max(width, height) * self._search.near_margin
        x, y = left + width / 2, top + height / 2
        view = View(x - side / 2, y - side / 2, side, side)
        if not view.shows(*image.size):  # The frame before was larger.
            return np.empty((0, SCORE + 1), np.float32)
        rows = suppress(self._short.candidates(image, view, self._search.doubtful), self._search.confirmed)
        rows = _framed_as_full_range(rows)
        middle = (rows[:, 0:2] + rows[:, 2:4]) / 2
        inside = np.all(np.abs(middle - (x, y)) * 2 <= (width, height), axis=1)
        return rows[inside][:1]


def _largest(rows: Rows) -> float:
    """Return the longest side of all boxes, 0 where there are none."""
    return float(np.max(rows[:, 2:4] - rows[:, 0:2], initial=0))


def _framed_as_full_range(rows: Rows) -> Rows:
    """Move and grow the short-range network's boxes to where the full-range one would draw them."""
    half = (rows[:, 2:4] - rows[:, 0:2]) / 2
    middle = rows[:, 0:2] + half - half * (0, 2 * _RISE)
    framed = rows.copy()
    framed[:, 0:2], framed[:, 2:4] = middle - half * _GROWTH, middle + half * _GROWTH
    return framed


def _image(image: Image.Image | Pixels) -> Image.Image:
    return image if isinstance(image, Image.Image) else Image.fromarray(image)


def _detections(rows: Rows) -> list[Detection]:
    return [_detection(row) for row in rows.tolist()]


def _detection(row: list[float]) -> Detection:
    left, top, right, bottom = row[:4]
    points = tuple(zip(row[4:SCORE:2], row[5:SCORE:2], strict=True))
    return Detection(left, top, right - left, bottom - top, row[SCORE], points)
