"""TensorFlow as the runtime of the classifier, and its weights as a .tflite: the one module here that imports it.

`python -m visionai.vision.keras_classifier IN OUT` converts Keras weights (.h5, .keras) to a .tflite.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import tensorflow as tf
from tensorflow.python.framework.convert_to_constants import convert_variables_to_constants_v2

from visionai.errors import WeightsError

from .crops import SIDE
from .weights import check_shapes


class KerasClassifier:
    """Runs a .h5 or .keras by TensorFlow, which hangs when several of our threads call it: for one alone."""

    def __init__(self, path: Path) -> None:
        model = _load(path)
        signature = [tf.TensorSpec((None, SIDE, SIDE, 3), tf.float32)]
        self._predict = tf.function(lambda crops: model(crops, training=False), input_signature=signature)

    def classify(self, crops: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
        """Return n x 7 probabilities, as Classifier says."""
        return np.asarray(self._predict(crops), np.float32)


def convert(source: Path, target: Path) -> None:
    """Convert Keras weights to a float32 .tflite with a batch of one."""
    model = _load(source)
    serve = tf.function(
        lambda crops: model(crops, training=False), input_signature=[tf.TensorSpec((1, SIDE, SIDE, 3), tf.float32)]
    )
    # Frozen first: the converter leaves Keras 3's variables as resources, which OpenVINO does not read.
    frozen = convert_variables_to_constants_v2(serve.get_concrete_function())
    converter = tf.lite.TFLiteConverter.from_concrete_functions([frozen])
    target.write_bytes(converter.convert())


def _load(path: Path) -> Any:
    """Load Keras weights; raises WeightsError where they are damaged or of another shape."""
    try:
        model = tf.keras.models.load_model(path, compile=False)
    except (OSError, ValueError, TypeError, KeyError) as err:
        raise WeightsError(f"{path.name}: expected Keras weights that TensorFlow can load") from err
    check_shapes(path, tuple(model.input_shape[1:]), tuple(model.output_shape[1:]))
    return model


if __name__ == "__main__":
    convert(Path(sys.argv[1]), Path(sys.argv[2]))
