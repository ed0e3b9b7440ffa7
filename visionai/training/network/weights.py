"""Read and write classifiers as HDF5, and refuse what is not one of ours."""

from __future__ import annotations

from pathlib import Path

import keras
import numpy as np

from visionai.errors import WeightsError
from visionai.vision.emotions import EMOTIONS
from visionai.vision.weights import WeightsManifest

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


def load_unshifted(path: Path) -> keras.Model:
    """Read a classifier that answers for the shares it learned from.

    Versions up to v1.1.0 carry a shift towards rare classes in the bias of their last layer, and their manifest says
    which; it is taken out. Raises WeightsError like `load_classifier`.
    """
    classifier = load_classifier(path)
    beside = path.with_suffix(".json")
    balance = WeightsManifest.read(beside).settings.get("balance") if beside.is_file() else None
    if balance:
        kernel, bias = classifier.get_layer("logits").get_weights()
        classifier.get_layer("logits").set_weights([kernel, (bias - np.array(balance["shift"])).astype(np.float32)])
    return classifier
