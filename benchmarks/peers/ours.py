"""Our own network among its peers, as it serves: through OpenVINO, calibrated, at each operating point."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping

import numpy as np

from visionai.training.data.dataset import Dataset
from visionai.training.measuring.evaluate import latency
from visionai.vision.classifier import calibrate, open_classifier
from visionai.vision.runtime import Precision
from visionai.vision.weights import WeightsManifest

from .figures import Report, Scores, measure, quickest
from .forms import Pictures

OURS = "visionai"


def our_scores(manifest: WeightsManifest, probabilities: Scores) -> dict[str, Scores]:
    """Return the scores that are served, of the network's own probabilities (n, 7), by prior.

    Of weights that are served at the same point for every prior, "" names that one.
    """
    points = {prior.value: point for prior, point in manifest.priors.items()}
    if len(set(points.values())) == 1:
        points = {"": next(iter(points.values()))}
    return {name: calibrate(probabilities, point) for name, point in points.items()}


def measure_ours(manifest: WeightsManifest, pictures: Dataset, shown: Mapping[str, Pictures]) -> dict[str, Report]:
    """Return our figures at each operating point, in float32."""
    classifier = open_classifier(manifest, precision=Precision.F32)
    served: dict[str, dict[str, Scores]] = defaultdict(dict)
    for name, part in shown.items():
        probabilities = np.concatenate([classifier.classify(_crop(one)) for one in part])
        for point, scores in our_scores(manifest, probabilities).items():
            served[point][name] = scores
    common = {
        "package": "VisionAI",
        "version": manifest.model_version_tag,
        "sha256": manifest.tflite and manifest.tflite.sha256,
        "licence": "see LICENSE",
        "trained_on": "FER2013's training split, by FER+ votes and labels",
        "run": "OpenVINO in float32, one thread",
        "latency": quickest(lambda: latency(classifier)),
    }
    return {f"{OURS} {point}".strip(): common | measure(pictures, scores) for point, scores in served.items()}


def _crop(picture: Pictures) -> Scores:
    return picture[None].astype(np.float32) / np.float32(255)
