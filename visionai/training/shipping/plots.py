"""Plots of confusion matrix, calibration and the course of training as PNG."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from visionai.vision.emotions import EMOTIONS

from ..measuring.metrics import BINS
from ..measuring.validation import EpochFigures

_INK, _FILL = "#1f4e79", "#7aa6d1"


def draw_report(report: dict[str, Any], folder: Path, name: str) -> None:
    """Write `name`_confusion.png, `name`_calibration.png and `name`_majority.png of a report of `evaluate.evaluate`.

    All are of float32: the confusion against the majority at the even shares, the calibration at both operating
    points, against one rater and against the majority.
    """
    entry, points = report["f32"]["even"]["majority"], {prior: report["f32"][prior] for prior in ("even", "typical")}
    title = f"{report['weights']['model_version_tag']}, {report['data']['split']}"
    draw_confusion(entry, f"Confusion at even shares: {title}", folder / f"{name}_confusion.png")
    raters = {prior: point["rater"] for prior, point in points.items()}
    draw_calibration(raters, f"Confidence and one rater: {title}", folder / f"{name}_calibration.png")
    majorities = {prior: point["majority"] for prior, point in points.items()}
    draw_calibration(majorities, f"Confidence and the majority: {title}", folder / f"{name}_majority.png")


def draw_confusion(figures: dict[str, Any], title: str, path: Path) -> None:
    """Draw the confusion matrix of `evaluate.figures`: each row's shares as colour, its counts as numbers."""
    counts = np.array(figures["confusion"])
    shares = counts / np.maximum(counts.sum(axis=1, keepdims=True), 1)
    figure, axes = _canvas(title, 6.4)
    axes.imshow(shares, cmap="Blues", vmin=0, vmax=1)
    for (row, column), count in np.ndenumerate(counts):
        shade = "white" if shares[row, column] > 0.5 else "black"
        text = f"{shares[row, column]:.0%}\n{count}"
        axes.text(column, row, text, ha="center", va="center", color=shade, fontsize=8)
    names = [emotion.value for emotion in EMOTIONS]
    axes.set_xticks(range(len(names)), names, rotation=35, ha="right")
    axes.set_yticks(range(len(names)), names)
    axes.set_xlabel("said")
    axes.set_ylabel("truth")
    _save(figure, path)


def draw_calibration(points: Mapping[str, dict[str, Any]], title: str, path: Path) -> None:
    """Draw accuracy or agreement over confidence by bin, a line for each operating point; on the diagonal all is true.

    The bars are the shares of the answers that lie in each bin, at the first point.
    """
    figure, axes = _canvas(title, 5.6)
    axes.plot([0, 1], [0, 1], color="grey", linestyle=":", label="as sure as right")
    for (name, entry), (shade, marker) in zip(points.items(), ((_INK, "o"), (_FILL, "s")), strict=True):
        bins = [part for part in entry["bins"] if part["count"]]
        confidence, right = [part["confidence"] for part in bins], [part["accuracy"] for part in bins]
        axes.plot(confidence, right, marker=marker, color=shade, label=f"{name}: share that is right")
    bins = next(iter(points.values()))["bins"]
    total = sum(part["count"] for part in bins)
    places = [(number + 0.5) / BINS for number in range(BINS)]
    axes.bar(places, [part["count"] / total for part in bins], width=0.8 / BINS, color=_FILL, alpha=0.4)
    axes.set(xlim=(0, 1), ylim=(0, 1), xlabel="confidence", ylabel="share")
    axes.legend(loc="upper left")
    _save(figure, path)


def draw_history(history: Sequence[EpochFigures], path: Path) -> None:
    """Draw accuracy, macro recall and proxy over the epochs, and mark the epoch with the best proxy."""
    figure, axes = _canvas("PublicTest after each epoch, by the averaged weights", 5.6)
    epochs = [entry.epoch + 1 for entry in history]
    lines = {
        "accuracy": ([entry.accuracy for entry in history], _INK, "-"),
        "macro recall": ([entry.macro_recall for entry in history], _FILL, "-"),
        "proxy": ([entry.proxy for entry in history], _INK, "--"),
    }
    for label, (values, shade, style) in lines.items():
        axes.plot(epochs, values, color=shade, linestyle=style, label=label)
    best = max(history, key=lambda entry: entry.proxy)
    axes.axvline(best.epoch + 1, color="grey", linestyle=":", label="kept")
    axes.set(xlabel="epoch", ylabel="share")
    axes.legend(loc="lower right")
    _save(figure, path)


def _canvas(title: str, size: float) -> tuple[Figure, Axes]:
    figure = Figure(figsize=(size, size), dpi=110, layout="constrained")
    axes = figure.subplots()
    axes.set_title(title, fontsize=10)
    return figure, axes


def _save(figure: Figure, path: Path) -> None:
    """Save without the version of the drawing library, so that the same figures give the same file."""
    figure.savefig(path, metadata={"Software": None})
