"""The classifier contract, OpenVINO behind it, and the choice of runtime."""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum
from pathlib import Path
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from visionai.errors import WeightsError

from .crops import SIDE
from .emotions import EMOTIONS
from .images.conversion import resolve_weights
from .priors import OperatingPoint
from .runtime import Precision, Session, compile_network, read_network
from .weights import WeightsManifest, check_shapes

Crops = npt.NDArray[np.float32]
Probabilities = npt.NDArray[np.float32]

_LEAST_PROBABILITY = 1e-7


class Runtime(StrEnum):
    """What runs the classifier."""

    OPENVINO = "openvino"
    TENSORFLOW = "tensorflow"


class Classifier(Protocol):
    """Reads face crops. For the thread that opened it."""

    def classify(self, crops: Crops) -> Probabilities:
        """Return n x 7 probabilities, not yet calibrated, of n crops of 96 x 96 x 3 float32 RGB in [0, 1]."""


class OpenVINOClassifier:
    """Runs a .tflite by OpenVINO, one crop at a time: batches gain nothing on a core."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def classify(self, crops: Crops) -> Probabilities:
        """Return n x 7 probabilities, as Classifier says."""
        probabilities = np.empty((len(crops), len(EMOTIONS)), np.float32)
        for crop, row in zip(crops, probabilities, strict=True):
            self._session.input[0] = crop
            row[:] = self._session.run()[0][0]
        return probabilities


def open_classifier(
    manifest: WeightsManifest,
    runtime: Runtime | str = Runtime.OPENVINO,
    precision: Precision | str = Precision.DEFAULT,
    *,
    cache_dir: Path | None = None,
) -> Classifier:
    """Load the weights of a manifest for the calling thread; raises WeightsError."""
    return classifier_source(manifest, runtime, precision, cache_dir=cache_dir)()


def classifier_source(
    manifest: WeightsManifest,
    runtime: Runtime | str = Runtime.OPENVINO,
    precision: Precision | str = Precision.DEFAULT,
    *,
    threads: int = 1,
    cache_dir: Path | None = None,
) -> Callable[[], Classifier]:
    """Load the weights of a manifest once; each call of what is returned makes a classifier for the calling thread.

    A .h5 without .tflite is converted into `cache_dir` for OpenVINO. Raises WeightsError.
    """
    if Runtime(runtime) is Runtime.TENSORFLOW:
        from .keras_classifier import KerasClassifier

        keras = KerasClassifier(_keras_file(manifest))
        return lambda: keras
    path = resolve_weights(manifest, cache_dir)
    network = compile_network(_graph(path), threads=threads, precision=precision)
    return lambda: OpenVINOClassifier(network.session())


def calibrate(probabilities: Probabilities, point: OperatingPoint) -> npt.NDArray[np.float64]:
    """Return the scores of each row at an operating point: softmax((log p + offsets) / temperature)."""
    scores = np.log(np.maximum(probabilities.astype(np.float64), _LEAST_PROBABILITY))
    scores += point.offsets
    scores /= point.temperature
    scores -= scores.max(axis=-1, keepdims=True)
    np.exp(scores, out=scores)
    scores /= scores.sum(axis=-1, keepdims=True)
    return scores


def _graph(path: Path) -> Any:
    """Read a .tflite as a graph with a batch of one."""
    graph = read_network(path)
    if len(graph.inputs) != 1 or len(graph.outputs) != 1:
        raise WeightsError(f"{path.name}: expected one input and one output")
    check_shapes(path, _dimensions(graph.input()), _dimensions(graph.output()))
    graph.reshape([1, SIDE, SIDE, 3])
    return graph


def _dimensions(port: Any) -> tuple[int | None, ...]:
    """Return the dimensions of a graph's input or output, without the batch; None for one that is open."""
    return tuple(None if size.is_dynamic else size.get_length() for size in list(port.get_partial_shape())[1:])


def _keras_file(manifest: WeightsManifest) -> Path:
    if manifest.keras is None:
        raise WeightsError(f"{manifest.model_version_tag}: expected a .h5 or .keras for TensorFlow, found a .tflite")
    return manifest.keras.verified()
