"""Evaluation of weights the way they serve: through OpenVINO, one image at a time, calibrated."""

from __future__ import annotations

import time
from dataclasses import asdict
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
import numpy.typing as npt

from visionai.errors import DatasetError
from visionai.vision.classifier import Classifier, calibrate, open_classifier
from visionai.vision.emotions import EMOTIONS
from visionai.vision.priors import OperatingPoint, Prior
from visionai.vision.runtime import Precision
from visionai.vision.weights import WeightsFile, WeightsManifest

from ..data.dataset import Dataset, Split
from ..data.labels import truth
from ..network.weights import load_classifier
from .corruptions import DISTURBANCES, as_input, disturbed
from .metrics import (
    accuracy,
    calibration_bins,
    calibration_bins_of_chances,
    calibration_error,
    calibration_error_of_chances,
    confusion_matrix,
    is_face,
    macro_recall,
    precisions,
    rater_agreement,
    recalls,
)

Report = dict[str, Any]
Scores = npt.NDArray[np.float64]
Classes = npt.NDArray[np.int8]

WARM_UP_RUNS, TIMED_RUNS = 20, 300


def evaluate(manifest: WeightsManifest, dataset: Dataset, split: Split, *, with_disturbances: bool = False) -> Report:
    """Return all figures of the weights on a split, as JSON-able values.

    Figures stand under "f32" and "default" precision, at each operating point, against the "majority" (FER+, or the
    label where nobody voted), against one "rater" and, where there are votes, the set's own "label".
    `with_disturbances` adds, in float32, the same images under each of `DISTURBANCES`. Raises DatasetError where the
    split is empty and WeightsError where weights do not load.
    """
    pictures = dataset.part(split)
    if not len(pictures):
        raise DatasetError(f"the data has no pictures in the split {split.name}; expected at least one")
    with TemporaryDirectory() as converted:
        report: Report = {
            "weights": describe(manifest),
            "data": {"split": split.name, "pictures": len(pictures), "sha256": dataset.sha256()},
        }
        for precision in (Precision.F32, Precision.DEFAULT):
            classifier = open_classifier(manifest, precision=precision, cache_dir=Path(converted))
            report[precision.value] = _measure(classifier, manifest, pictures)
            if with_disturbances and precision is Precision.F32:
                report["disturbed"] = _disturbances(classifier, manifest, pictures)
    return report


def describe(manifest: WeightsManifest) -> Report:
    """Return the tag, files, sizes in bytes, fingerprints, parameters and operating points of a set of weights."""
    files = {"h5": manifest.keras, "tflite": manifest.tflite}
    return {
        "model_version_tag": manifest.model_version_tag,
        "files": {kind: _describe_file(file) for kind, file in files.items() if file is not None},
        "total_params": _total_params(manifest),
        "priors": {prior.value: _describe_point(manifest.priors[prior]) for prior in Prior},
        "uncertain_threshold": manifest.uncertain_threshold,
    }


def figures(wanted: Classes, scores: Scores, threshold: float) -> Report:
    """Return the figures of calibrated scores (n, 7) against the classes wanted (n,); -1 among these is left out."""
    known = wanted >= 0
    wanted, scores = wanted[known], scores[known]
    confusion = confusion_matrix(wanted, scores)
    sure = scores.max(axis=1) >= threshold
    return {
        "pictures": len(wanted),
        "accuracy": _rounded(accuracy(confusion)),
        "macro_recall": _rounded(macro_recall(confusion)),
        "calibration_error": _rounded(calibration_error(wanted, scores)),
        "uncertain_share": _rounded(float((~sure).mean())),
        "accuracy_where_certain": _rounded(accuracy(confusion_matrix(wanted[sure], scores[sure]))),
        "classes": _by_class(confusion),
        "confusion": confusion.tolist(),
        "bins": [asdict(entry) for entry in calibration_bins(wanted, scores)],
    }


def rater_figures(pictures: Dataset, scores: Scores, threshold: float) -> Report:
    """Return how far confidence is the chance that one rater agrees, of all faces, also those raters dispute."""
    if pictures.votes is not None:
        faces = is_face(pictures.votes)
        pictures, scores = pictures.take(faces), scores[faces]
    agreements = rater_agreement(pictures.votes, pictures.labels, scores.argmax(axis=1))
    bins = calibration_bins_of_chances(agreements, scores)
    return {
        "pictures": len(scores),
        "agreement": _rounded(float(agreements.mean())),
        "confidence": _rounded(float(scores.max(axis=1).mean())),
        "calibration_error": _rounded(calibration_error_of_chances(agreements, scores)),
        "uncertain_share": _rounded(float((scores.max(axis=1) < threshold).mean())),
        "bins": [asdict(entry) for entry in bins],
    }


def flat_metrics(report: Report) -> Report:
    """Return the figures that a manifest carries, of float32 at each operating point, as one flat mapping."""
    metrics: Report = {"pictures": report[Precision.F32][Prior.TYPICAL]["majority"]["pictures"]}
    for prior in Prior:
        at_point = report[Precision.F32][prior]
        names = ("accuracy", "macro_recall", "uncertain_share", "accuracy_where_certain")
        metrics |= {f"{prior}_{name}": at_point["majority"][name] for name in names}
        metrics |= {
            f"{prior}_recall_{name}": entry["recall"] for name, entry in at_point["majority"]["classes"].items()
        }
        if "label" in at_point:
            metrics |= {f"{prior}_label_{name}": at_point["label"][name] for name in ("accuracy", "macro_recall")}
        for precision, ending in ((Precision.F32, ""), (Precision.DEFAULT, "_default")):
            metrics[f"{prior}_calibration_error{ending}"] = report[precision][prior]["rater"]["calibration_error"]
    metrics["milliseconds"] = report[Precision.F32]["latency"]["median_ms"]
    metrics["milliseconds_default"] = report[Precision.DEFAULT]["latency"]["median_ms"]
    return metrics


def latency(classifier: Classifier) -> Report:
    """Return the milliseconds of one image on one thread: what passes on the clock and what the processor spends."""
    picture = np.full((1, 96, 96, 3), 0.5, np.float32)
    for _ in range(WARM_UP_RUNS):
        classifier.classify(picture)
    clock, spent = [], time.process_time()
    for _ in range(TIMED_RUNS):
        begun = time.perf_counter()
        classifier.classify(picture)
        clock.append((time.perf_counter() - begun) * 1000)
    spent = (time.process_time() - spent) * 1000 / TIMED_RUNS
    return {
        "median_ms": round(float(np.median(clock)), 2),
        "best_tenth_ms": round(float(np.quantile(clock, 0.1)), 2),
        "processor_ms": round(spent, 2),
    }


def _measure(classifier: Classifier, manifest: WeightsManifest, pictures: Dataset) -> Report:
    """Return the figures at each operating point, and the time of one image."""
    probabilities = _probabilities(classifier, as_input(pictures.pixels))
    report: Report = {}
    for prior in Prior:
        scores = calibrate(probabilities, manifest.priors[prior])
        at_point = {"majority": figures(truth(pictures), scores, manifest.uncertain_threshold)}
        at_point["rater"] = rater_figures(pictures, scores, manifest.uncertain_threshold)
        if pictures.votes is not None:
            at_point["label"] = figures(pictures.labels, scores, manifest.uncertain_threshold)
        report[prior.value] = at_point
    report["latency"] = latency(classifier)
    return report


def _disturbances(classifier: Classifier, manifest: WeightsManifest, pictures: Dataset) -> Report:
    """Return accuracy and macro recall against the majority by disturbance and operating point."""
    known = pictures.take(truth(pictures) >= 0)
    report: Report = {prior.value: {} for prior in Prior}
    for name in DISTURBANCES:
        probabilities = _probabilities(classifier, disturbed(known.pixels, name))
        for prior in Prior:
            confusion = confusion_matrix(truth(known), calibrate(probabilities, manifest.priors[prior]))
            shares = {"accuracy": _rounded(accuracy(confusion)), "macro_recall": _rounded(macro_recall(confusion))}
            report[prior.value][name] = shares
    return report


def _probabilities(classifier: Classifier, pictures: npt.NDArray[np.uint8]) -> npt.NDArray[np.float32]:
    parts = [classifier.classify(picture[None].astype(np.float32) / np.float32(255)) for picture in pictures]
    return np.concatenate(parts)


def _describe_point(point: OperatingPoint) -> Report:
    shares = None if point.shares is None else dict(zip((entry.value for entry in EMOTIONS), point.shares, strict=True))
    return {"shares": shares, "temperature": point.temperature}


def _by_class(confusion: npt.NDArray[np.int64]) -> Report:
    columns = zip(EMOTIONS, confusion.sum(axis=1), recalls(confusion), precisions(confusion), strict=True)
    return {
        emotion.value: {"pictures": int(count), "recall": _rounded(recall), "precision": _rounded(precision)}
        for emotion, count, recall, precision in columns
    }


def _describe_file(file: WeightsFile) -> Report:
    return {"name": file.path.name, "sha256": file.sha256, "bytes": file.verified().stat().st_size}


def _total_params(manifest: WeightsManifest) -> int | None:
    if manifest.total_params is None and manifest.keras is not None:
        return int(load_classifier(manifest.keras.verified()).count_params())
    return manifest.total_params


def _rounded(value: float) -> float | None:
    """Return four digits, or None for what is not defined, such as the recall of a class without images."""
    return None if np.isnan(value) else round(float(value), 4)
