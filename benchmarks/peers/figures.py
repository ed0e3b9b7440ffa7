"""Figures that every system has, from its scores of the same pictures."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

from visionai.training.data.dataset import Dataset
from visionai.training.data.labels import truth
from visionai.training.measuring.corruptions import DISTURBANCES, as_input, disturbed
from visionai.training.measuring.evaluate import figures, rater_figures
from visionai.training.measuring.metrics import accuracy, confusion_matrix, macro_recall

from .forms import IN_TURN, PLAIN, Pictures

Report = dict[str, Any]
Scores = npt.NDArray[np.floating]

ROUNDS = 5
"""How often each system is timed."""


def under_everything(pictures: Dataset) -> dict[str, Pictures]:
    """Return all pictures as our input, and those with a majority under each disturbance."""
    known = with_majority(pictures)
    return {PLAIN: as_input(pictures.pixels)} | {name: disturbed(known.pixels, name) for name in DISTURBANCES}


def to_choose_by(pixels: npt.NDArray[np.uint8], kind: str) -> Pictures:
    """Return grey pictures as our input: plain, each under the next disturbance in turn, or all under one by name."""
    if kind == PLAIN:
        return as_input(pixels)
    if kind != IN_TURN:
        return disturbed(pixels, kind)
    names = list(DISTURBANCES)
    return np.concatenate([disturbed(face[None], names[row % len(names)]) for row, face in enumerate(pixels)])


def with_majority(pictures: Dataset) -> Dataset:
    """Return the pictures that FER+'s voters agree on."""
    return pictures.take(truth(pictures) >= 0)


def measure(pictures: Dataset, scores: Mapping[str, Scores]) -> Report:
    """Return the figures of the scores of what `under_everything` returned."""
    plain, wanted = scores[PLAIN], truth(with_majority(pictures))
    return {
        "majority": _short(figures(truth(pictures), plain, 0.0)),
        "label": _short(figures(pictures.labels, plain, 0.0)),
        "rater": against_one_rater(pictures, plain),
        "disturbed": {name: _short(figures(wanted, scores[name], 0.0)) for name in DISTURBANCES},
    }


def against_one_rater(pictures: Dataset, scores: Scores) -> Report:
    """Return the chance that one rater says the same, and the calibration error against it; of faces alone."""
    report = rater_figures(pictures, scores, 0.0)
    return {name: report[name] for name in ("pictures", "agreement", "confidence", "calibration_error")}


def quickest(time_one: Callable[[], Mapping[str, float]]) -> dict[str, float]:
    """Return the round with the least median of several: what other programs on the machine disturbed least."""
    best = min((time_one() for _ in range(ROUNDS)), key=lambda timed: timed["median_ms"])
    return {name: round(best[name], 2) for name in ("median_ms", "best_tenth_ms")}


def merit(pictures: Dataset, scores: Scores) -> float:
    """Return what a form is chosen by: the mean of accuracy and macro recall against majority and label."""
    known = truth(pictures) >= 0
    confusions = [
        confusion_matrix(truth(pictures)[known], scores[known]),
        confusion_matrix(pictures.labels, scores),
    ]
    return float(np.mean([value for entry in confusions for value in (accuracy(entry), macro_recall(entry))]))


def _short(report: Report) -> Report:
    """Keep what a comparison shows."""
    kept = {name: report[name] for name in ("pictures", "accuracy", "macro_recall", "calibration_error")}
    return kept | {"recall": {name: entry["recall"] for name, entry in report["classes"].items()}}
