"""Read and write classifiers as HDF5, and refuse what is not one of ours."""

from __future__ import annotations

from pathlib import Path

import keras

from visionai.errors import WeightsError
from visionai.vision.emotions import EMOTIONS

from .network import INPUT_SHAPE


def save_classifier(classifier: keras.Model, path: Path) -> None:
    """Write a classifier as HDF5 without optimiser state; the file is replaced whole or not at all."""
    beside = path.with_name(f"{path.stem}.part.h5")
    classifier.save(beside, include_optimizer=False)
    beside.replace(path)


def load_classifier(path: Path) -> keras.Model:
    """Read a classifier from `.h5` or `.keras`.

    Raises WeightsError where the file is missing or damaged, or input or classes are not (96, 96, 3) and seven.
    """
    expected = f"expected a Keras file of input {INPUT_SHAPE} and {len(EMOTIONS)} classes"
    if not path.is_file():
        raise WeightsError(f"{path}: no such file; {expected}")
    try:
        classifier = keras.models.load_model(path, compile=False)
    except Exception as err:
        raise WeightsError(f"{path}: cannot be read, is it whole?; {expected}") from err
    if tuple(classifier.input_shape[1:]) != INPUT_SHAPE or tuple(classifier.output_shape[1:]) != (len(EMOTIONS),):
        raise WeightsError(f"{path}: takes {classifier.input_shape} and gives {classifier.output_shape}; {expected}")
    return classifier
