from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest
from PIL import Image

from visionai.errors import DatasetError
from visionai.training.data.dataset import Dataset
from visionai.training.measuring.framing import find_faces, measure_framing, placements
from visionai.vision.detection.faces import Detection


class FixedDetector:
    """Finds one face of 96 pixels in every picture of 192, a little below its middle and level, or none."""

    def __init__(self, faces: int = 1) -> None:
        self._faces = faces

    def detect(self, picture: Image.Image) -> Sequence[Detection]:
        eyes = ((76.0, 90.0), (116.0, 90.0))
        return [Detection(48.0, 67.2, 96.0, 96.0, 0.9, eyes)] * self._faces


class BrightnessClassifier:
    """Says `angry` of what is dark and `surprise` of what is bright."""

    def classify(self, crops: np.ndarray) -> np.ndarray:
        return np.stack([np.eye(7)[6 if crop.mean() > 0.5 else 0] for crop in crops])


def test_the_settings_that_give_the_training_crop_back_are_found(dataset: Dataset) -> None:
    placed = placements(list(find_faces(dataset.take(dataset.labels == 3), FixedDetector())))
    assert np.unique(placed["scale"]) == pytest.approx([2.0])
    assert np.unique(placed["offset_x"]) == pytest.approx([0.0])
    assert np.unique(placed["offset_y"]) == pytest.approx([-0.2])


def test_the_measurement_names_what_it_tried_and_chose(dataset: Dataset) -> None:
    report = measure_framing(dataset, FixedDetector(), BrightnessClassifier())
    assert report["found"] == report["pictures"] == len(dataset)
    assert report["chosen"].keys() == {"scale", "offset_x", "offset_y", "align"}
    chosen = [trial for trial in report["tried"] if report["chosen"].items() <= trial.items()]
    assert len(chosen) == 1


class LineDetector:
    """Finds one face in every picture, whose eyes lie on the bright line across it."""

    def detect(self, picture: Image.Image) -> Sequence[Detection]:
        bright = np.asarray(picture.convert("L")) > 128
        ends = [float(np.flatnonzero(bright[:, column]).mean()) for column in (66, 126)]
        return [Detection(48.0, 48.0, 96.0, 96.0, 0.9, ((66.0, ends[0]), (126.0, ends[1])))]


class LineClassifier:
    """Says `happy` where the line across a crop is level and `sad` where it is not."""

    def classify(self, crops: np.ndarray) -> np.ndarray:
        rows = [np.flatnonzero(crop[:, column, 0] > 0.5) for crop in crops for column in (30, 66)]
        slope = abs(rows[0].mean() - rows[1].mean())
        return np.eye(7)[[3 if slope < 3 else 5]]


def test_crops_are_turned_by_the_eyes_where_that_reads_turned_pictures_better(dataset: Dataset) -> None:
    level = dataset.take(dataset.labels == 3)
    level.pixels[:] = 0
    level.pixels[:, 22:26] = 255
    report = measure_framing(level, LineDetector(), LineClassifier())
    assert [(trial["align"], trial["accuracy"]) for trial in report["turned"]["tried"]] == [(True, 1.0), (False, 0.0)]
    assert report["turned"]["found"] == 2 * report["pictures"]
    assert report["chosen"]["align"] is True


class UprightDetector(FixedDetector):
    """Finds a face only where the corners are black: those of a turned picture are the edges drawn out."""

    def detect(self, picture: Image.Image) -> Sequence[Detection]:
        return super().detect(picture) if picture.getpixel((0, 0)) == (0, 0, 0) else []


def test_data_in_which_no_turned_face_is_found_is_refused(dataset: Dataset) -> None:
    framed = dataset.take(dataset.labels == 3)
    framed.pixels[:] = 255
    framed.pixels[:, :2, :2] = 0
    with pytest.raises(DatasetError, match="no face"):
        measure_framing(framed, UprightDetector(), BrightnessClassifier())


def test_data_in_which_no_face_is_found_is_refused(dataset: Dataset) -> None:
    with pytest.raises(DatasetError, match="no face"):
        measure_framing(dataset, FixedDetector(faces=0), BrightnessClassifier())
