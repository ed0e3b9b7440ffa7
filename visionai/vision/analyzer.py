"""The pipeline of an image: decode, detect faces, crop, classify."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from .calibration import Calibration
from .classifier import Classifier, Probabilities, Runtime, calibrate, classifier_source
from .crops import SIDE, Square, cut, square_of, whole
from .detection.faces import Detection, DetectorNetworks, FaceDetector
from .emotions import EMOTIONS
from .images.admission import Admission, admit_all
from .images.decoding import DecodedImage, Limits, decode
from .priors import OperatingPoint, Prior
from .results import Analysis, Box, Face
from .runtime import Precision
from .weights import WeightsManifest

MAX_FACES = 100
"""Faces of one image that are read, the largest first."""


class Analyzer:
    """Finds the faces of images and reads their apparent expressions. For one thread."""

    def __init__(
        self,
        detector: FaceDetector,
        classifier: Classifier,
        manifest: WeightsManifest,
        admit: Admission = admit_all,
    ) -> None:
        self._detector = detector
        self._classifier = classifier
        self._manifest = manifest
        self._admit = admit

    def analyze(
        self,
        data: bytes,
        *,
        detect: bool = True,
        prior: Prior = Prior.EVEN,
        near: Sequence[Box] = (),
        thorough: bool = True,
        limits: Limits = Limits(),
    ) -> Analysis:
        """Return the faces of the image in `data`, largest first, scored at `prior`; there may be none.

        With `detect` false the whole image is the face. `near` holds boxes where faces were a moment ago: only
        there is looked, and everywhere only if one of them is not found. `thorough` false spares a large image the
        search by tiles, as for live frames. Raises the errors of `images.decode`.
        """
        watch = _Watch()
        decoded = decode(data, limits, admit=self._admit)
        watch.lap("decode")
        found = self._find(decoded, near, thorough) if detect else [None]
        watch.lap("detect")
        faces = self._read(decoded, found, self._manifest.priors[prior])
        watch.lap("classify")
        return Analysis(
            faces=tuple(sorted(faces, key=lambda face: -face.box.area)),
            width=decoded.width,
            height=decoded.height,
            model_version_tag=self._manifest.model_version_tag,
            processing_time_ms=sum(watch.laps.values()),
            step_ms=watch.laps,
            prior=prior,
            began=watch.began,
        )

    def probabilities(self, data: bytes, limits: Limits = Limits()) -> Probabilities | None:
        """Return what the classifier itself says of the largest face, before any operating point, or None without one.

        Seven probabilities, float32. Raises the errors of `images.decode`.
        """
        decoded = decode(data, limits, admit=self._admit)
        found = self._find(decoded, (), thorough=True)
        if not found:
            return None
        crop = cut(decoded.image, self._frame(decoded, found[0]))
        row: Probabilities = self._classifier.classify(crop[None])[0]
        return row

    def _find(self, decoded: DecodedImage, near: Sequence[Box], thorough: bool) -> list[Detection]:
        """Return the faces in pixels of `image.image`, those whose middle is in the image."""
        found: list[Detection] = []
        if near:
            found = self._detector.detect_near(decoded.image, [_scaled(box, decoded.scale) for box in near])
        if not near or len(found) < len(near):
            found = self._detector.detect(decoded.image, thorough=thorough)
        found.sort(key=lambda face: -face.width * face.height)
        return [face for face in found if _is_within(face, decoded)][:MAX_FACES]

    def _read(self, decoded: DecodedImage, found: Sequence[Detection | None], point: OperatingPoint) -> list[Face]:
        """Classify the faces found; None stands for the whole image."""
        if not found:
            return []
        frames = [self._frame(decoded, face) for face in found]
        crops = np.stack([cut(decoded.image, frame) for frame in frames])
        scores = calibrate(self._classifier.classify(crops), point)
        return [self._face(decoded, face, row) for face, row in zip(found, scores.tolist(), strict=True)]

    def _frame(self, decoded: DecodedImage, face: Detection | None) -> Square:
        return whole(decoded.image) if face is None else square_of(face, self._manifest.crop)

    def _face(self, decoded: DecodedImage, found: Detection | None, scores: list[float]) -> Face:
        return Face(
            box=Box(0, 0, decoded.width, decoded.height) if found is None else _clipped(found, decoded),
            detection_confidence=None if found is None else found.score,
            scores=tuple(scores),
            uncertain=max(scores) < self._manifest.uncertain_threshold,
        )


@dataclass(frozen=True, slots=True)
class AnalyzerFactory:
    """Loaded weights, shared by the analyzers of several threads. `threads` is how many there may be.

    `manifest` is that of the weights as they were measured; `calibration`, where there is one, moves its points.
    """

    manifest: WeightsManifest
    runtime: Runtime
    precision: Precision
    threads: int
    _detectors: DetectorNetworks
    _classifiers: Callable[[], Classifier]
    _admit: Admission = admit_all
    calibration: Calibration | None = None

    @property
    def served(self) -> WeightsManifest:
        """The manifest as answers are made by it: with the points and under the tag of the calibration, if any."""
        return self.calibration.applied_to(self.manifest) if self.calibration else self.manifest

    @property
    def version_tag(self) -> str:
        """What answers carry: the version of the weights, and the calibration where there is one."""
        return self.served.model_version_tag

    def calibrated(self, calibration: Calibration | None) -> AnalyzerFactory:
        """Return the same weights, not loaded again, under another calibration, or as they were measured."""
        return replace(self, calibration=calibration)

    def analyzer(self) -> Analyzer:
        """Make an analyzer for the calling thread."""
        return Analyzer(self._detectors.detector(), self._classifiers(), self.served, self._admit)

    def describe(self) -> Mapping[str, Any]:
        """Return what `/model/info` says of the weights."""
        return {
            "model_version_tag": self.version_tag,
            "weights_version_tag": self.manifest.model_version_tag,
            "calibration": self.calibration.name if self.calibration else None,
            "input_shape": f"(None, {SIDE}, {SIDE}, 3)",
            "num_classes": len(EMOTIONS),
            "total_params": self.manifest.total_params,
            "emotion_classes": [emotion.value for emotion in EMOTIONS],
            "runtime": self.runtime.value,
            "precision": self.precision.value,
            "learned_shares": _by_name(self.manifest.learned_shares),
            "priors": {prior.value: _described(point) for prior, point in self.served.priors.items()},
            "metrics": dict(self.manifest.metrics),
        }


def open_analyzer(
    path: Path,
    runtime: Runtime | str = Runtime.OPENVINO,
    precision: Precision | str = Precision.DEFAULT,
    *,
    threads: int = 1,
    cache_dir: Path | None = None,
    admit: Admission = admit_all,
) -> AnalyzerFactory:
    """Load the weights that `path` (a manifest, .h5, .keras or .tflite) names, and face detection.

    TensorFlow serves one thread whatever `threads` says. `cache_dir` takes the .tflite made of a lone .h5. `admit`
    is asked before an image is decoded. Raises WeightsError or SetupError.
    """
    runtime, precision = Runtime(runtime), Precision(precision)
    if runtime is Runtime.TENSORFLOW:
        threads = 1
    manifest = WeightsManifest.read(path)
    classifiers = classifier_source(manifest, runtime, precision, threads=threads, cache_dir=cache_dir)
    detectors = DetectorNetworks(threads=threads, precision=precision)
    return AnalyzerFactory(manifest, runtime, precision, threads, detectors, classifiers, admit)


def _described(point: OperatingPoint) -> dict[str, Any]:
    return {"shares": _by_name(point.shares), "temperature": point.temperature}


def _by_name(shares: Sequence[float] | None) -> dict[str, float] | None:
    """Return class shares by emotion name, None where the weights name none."""
    return None if shares is None else dict(zip((emotion.value for emotion in EMOTIONS), shares, strict=True))


class _Watch:
    """The milliseconds of each step, and when the first began."""

    def __init__(self) -> None:
        self.laps: dict[str, float] = {}
        self.began = time.monotonic()
        self._last = time.perf_counter()

    def lap(self, name: str) -> None:
        now = time.perf_counter()
        self.laps[name] = (now - self._last) * 1000
        self._last = now


def _scaled(box: Box, scale: float) -> Box:
    """Return a box of the image as sent in pixels of the one that was read."""
    return box if scale == 1 else Box(*(round(value * scale) for value in (box.x, box.y, box.width, box.height)))


def _is_within(face: Detection, decoded: DecodedImage) -> bool:
    """Tell whether the middle of a face lies in the image."""
    x, y = face.left + face.width / 2, face.top + face.height / 2
    return 0 <= x < decoded.image.width and 0 <= y < decoded.image.height


def _clipped(face: Detection, decoded: DecodedImage) -> Box:
    """Return the face's box in whole pixels of the image as sent, within it, at least one pixel each way."""
    face = face.scaled(1 / decoded.scale)
    left, top = max(0, round(face.left)), max(0, round(face.top))
    right, bottom = (
        min(decoded.width, round(face.left + face.width)),
        min(decoded.height, round(face.top + face.height)),
    )
    left, top = min(left, decoded.width - 1), min(top, decoded.height - 1)
    return Box(left, top, max(1, right - left), max(1, bottom - top))
