"""Alignment of face crops: where training faces lie against the boxes that are found at serving time.

The training images are crops already. The detector looks at them as it would at what is sent to a server, and what
it finds says how a found box must be framed to give such a crop back. Then the whole way, detection to answer, is
held against the crops as they are.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt
from PIL import Image

from visionai.errors import DatasetError
from visionai.vision.classifier import Classifier
from visionai.vision.crops import CropSettings, cut, square_of
from visionai.vision.detection.faces import Detection, FaceDetector

from ..data.dataset import Dataset
from ..data.labels import truth
from .metrics import accuracy, confusion_matrix, macro_recall

_LOOKED_AT_SIDE = 192
"""Pixels a side at which the detector sees a training image: its own resolution."""

_TILT = 20.0
"""Degrees by which images are turned, either way, to learn whether crops are to be turned back by the eyes."""

_SCALES = (0.85, 0.925, 1.0, 1.075, 1.15)
_SHIFTS = (-0.08, -0.04, 0.0, 0.04, 0.08)


@dataclass(frozen=True)
class Found:
    """A training image, the face found in it, and its class."""

    picture: Image.Image
    face: Detection
    wanted: int


def measure_framing(
    dataset: Dataset, detector: FaceDetector, classifier: Classifier, at_most: int = 1500
) -> dict[str, Any]:
    """Return what the detector found, how crops differ, the settings tried and, under "chosen", the best.

    Of the data, `at_most` images are taken, evenly spread. Medians of where the training crops lie come first. Whether
    crops are turned by the eyes is decided on the same images turned, since these are more level than what is served.
    Scale and height are then varied, one after the other. Of the settings whose mean of accuracy and macro recall lies
    within one standard error of the best, the one nearest to the medians is chosen: the rest is chance.

    Raises DatasetError where no face is found.
    """
    known = dataset.take(truth(dataset) >= 0)
    known = known.take(np.linspace(0, len(known) - 1, min(at_most, len(known))).astype(np.intp))
    found = list(find_faces(known, detector))
    turned = [entry for degrees in (-_TILT, _TILT) for entry in find_faces(known, detector, degrees)]
    if not found or not turned:
        raise DatasetError("the detector finds no face in the data; expected pictures of faces")
    spread = {name: _spread(values) for name, values in placements(found).items()}
    scale, offset_x, offset_y = (spread[name]["median"] for name in ("scale", "offset_x", "offset_y"))
    tilted = _Trials(turned, classifier)
    aligned = CropSettings(scale, offset_x, offset_y, align=True)
    middle = tilted.best([aligned, replace(aligned, align=False)])
    trials = _Trials(found, classifier)
    best = trials.best([replace(middle, scale=round(middle.scale * factor, 3)) for factor in _SCALES])
    best = trials.best([replace(best, offset_y=round(middle.offset_y + shift, 3)) for shift in _SHIFTS])
    return {
        "pictures": len(known),
        "found": len(found),
        "placement": spread,
        "turned": {"degrees": _TILT, "found": len(turned), "tried": tilted.report()},
        "as_they_are": trials.as_they_are(),
        "tried": trials.report(),
        "chosen": asdict(trials.nearest(middle, best)),
    }


def find_faces(dataset: Dataset, detector: FaceDetector, degrees: float = 0.0) -> Iterator[Found]:
    """Yield the images in which a face is found, each with the best one; turned by `degrees`, counterclockwise."""
    for pixels, wanted in zip(dataset.pixels, truth(dataset), strict=True):
        picture = Image.fromarray(pixels).resize((_LOOKED_AT_SIDE, _LOOKED_AT_SIDE), Image.Resampling.BILINEAR)
        picture = _turned(picture, degrees).convert("RGB")
        faces = detector.detect(picture)
        if faces:
            yield Found(picture, faces[0], int(wanted))


def _turned(picture: Image.Image, degrees: float) -> Image.Image:
    """Return a square image turned about its middle, its edges drawn out into the corners."""
    if not degrees:
        return picture
    margin, side = picture.width // 2, picture.width
    wide = Image.fromarray(np.pad(np.asarray(picture), margin, mode="edge"))
    return wide.rotate(degrees, Image.Resampling.BILINEAR).crop((margin, margin, margin + side, margin + side))


def placements(found: Sequence[Found]) -> dict[str, npt.NDArray[np.float64]]:
    """Return, for each face, the crop settings that would give the whole image back, and its tilt in degrees."""
    rows = [_placement(entry) for entry in found]
    names = ("scale", "offset_x", "offset_y", "tilt_degrees")
    return dict(zip(names, np.array(rows).T, strict=True))


def _placement(entry: Found) -> tuple[float, float, float, float]:
    box = square_of(entry.face, CropSettings())
    middle = entry.picture.width / 2
    right, down = middle - box.x, middle - box.y
    cos, sin = math.cos(box.tilt), math.sin(box.tilt)
    offset_x, offset_y = (right * cos + down * sin) / box.side, (down * cos - right * sin) / box.side
    return entry.picture.width / box.side, offset_x, offset_y, math.degrees(box.tilt)


class _Trials:
    """Crop settings tried on the same faces, each measured once."""

    def __init__(self, found: Sequence[Found], classifier: Classifier) -> None:
        self._found = found
        self._classifier = classifier
        self._wanted = np.array([entry.wanted for entry in found])
        self._results: dict[CropSettings, dict[str, float]] = {}

    def best(self, candidates: Sequence[CropSettings]) -> CropSettings:
        """Measure the candidates that were not yet and return the best."""
        return max(candidates, key=self._score)

    def nearest(self, middle: CropSettings, best: CropSettings) -> CropSettings:
        """Return the settings nearest to `middle` of those that one standard error does not tell from `best`."""
        enough = self._score(best) - self._measured(best)["standard_error"]
        alike = [settings for settings in self._results if self._score(settings) >= enough]
        return min(alike, key=lambda settings: _distance(settings, middle))

    def report(self) -> list[dict[str, Any]]:
        """Return all that was tried, with its figures."""
        return [asdict(settings) | result for settings, result in self._results.items()]

    def as_they_are(self) -> dict[str, float]:
        """Return the figures of the images without detection: what framing can reach."""
        whole = CropSettings(align=False)
        sides = (entry.picture.width for entry in self._found)
        faces = (Detection(0, 0, side, side, 1.0, ((0, 0), (0, 0))) for side in sides)
        return self._figures([(entry.picture, face) for entry, face in zip(self._found, faces, strict=True)], whole)

    def _score(self, settings: CropSettings) -> float:
        figures = self._measured(settings)
        return (figures["accuracy"] + figures["macro_recall"]) / 2

    def _measured(self, settings: CropSettings) -> dict[str, float]:
        if settings not in self._results:
            pairs = [(entry.picture, entry.face) for entry in self._found]
            self._results[settings] = self._figures(pairs, settings)
        return self._results[settings]

    def _figures(self, faces: Sequence[tuple[Image.Image, Detection]], settings: CropSettings) -> dict[str, float]:
        parts = [self._classifier.classify(cut(picture, square_of(face, settings))[None]) for picture, face in faces]
        confusion = confusion_matrix(self._wanted, np.concatenate(parts))
        return {
            "accuracy": round(accuracy(confusion), 4),
            "macro_recall": round(macro_recall(confusion), 4),
            "standard_error": round(_standard_error(confusion), 4),
        }


def _standard_error(confusion: npt.NDArray[np.int64]) -> float:
    """Return that of the mean of accuracy and macro recall: each image is right or wrong by lot in its class."""
    pictures = np.maximum(confusion.sum(axis=1), 1)
    share = np.diag(confusion) / pictures
    present = confusion.sum(axis=1) > 0
    weight = present / present.sum() + pictures / pictures.sum()
    return float(np.sqrt((weight**2 * share * (1 - share) / pictures)[present].sum()) / 2)


def _distance(one: CropSettings, other: CropSettings) -> float:
    """Return how far two settings are apart, in box sides."""
    shift = math.hypot(one.offset_x - other.offset_x, one.offset_y - other.offset_y)
    return abs(one.scale - other.scale) + shift


def _spread(values: npt.NDArray[np.float64]) -> dict[str, float]:
    """Return the quartiles, to three digits."""
    low, middle, high = np.quantile(values, [0.25, 0.5, 0.75])
    return {"lower_quartile": round(low, 3), "median": round(middle, 3), "upper_quartile": round(high, 3)}
