"""Read a folder of labelled pictures, `FOLDER/<emotion>/*.jpg`, the way a server reads pictures."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import numpy.typing as npt
from flask import current_app
from rich.console import Console
from rich.progress import track

from ..errors import ImageError, MissingImage, SetupError
from ..services.weights import copies, versions
from ..vision.analyzer import AnalyzerFactory, open_analyzer
from ..vision.classifier import Probabilities
from ..vision.emotions import EMOTIONS, Emotion
from ..vision.images.decoding import Limits

SUFFIXES = {".jpg", ".jpeg", ".png", ".webp", ".bmp", ".gif"}
Labels = npt.NDArray[np.int64]


@dataclass
class Skipped:
    """What was not read: pictures without a face, unreadable files by code, links that lead out of the folder."""

    no_face: int = 0
    outside: int = 0
    unreadable: Counter[str] = field(default_factory=Counter)

    @property
    def total(self) -> int:
        """How many files in all."""
        return self.no_face + self.outside + self.unreadable.total()

    def __str__(self) -> str:
        parts = [(self.no_face, "without a face"), (self.outside, "links out of the folder")]
        parts += [(count, code) for code, count in sorted(self.unreadable.items())]
        return ", ".join(f"{count} {what}" for count, what in parts if count)


def served_weights() -> AnalyzerFactory:
    """Open the weights that servers of this installation serve, as they were measured; raises SetupError."""
    config, active = current_app.config, versions.active()
    path = copies.local_manifest(active) if active else config["MODEL_PATH"]
    runtime, precision = config["MODEL_RUNTIME"], config["INFERENCE_PRECISION"]
    return open_analyzer(path, runtime, precision, cache_dir=config["INSTANCE_PATH"])


def list_images(root: Path, skipped: Skipped) -> list[tuple[Path, Emotion]]:
    """Return the pictures below the folders that name an emotion, in order; raises SetupError where there are none.

    A link that leads out of `root` is not followed, and counted.
    """
    if not root.is_dir():
        raise SetupError(f"{root}: no such folder")
    named = [(entry, Emotion.named(entry.name)) for entry in sorted(root.iterdir()) if entry.is_dir()]
    inside = root.resolve()
    pictures = []
    for folder, emotion in named:
        for file in sorted(folder.rglob("*")) if emotion else ():
            if file.suffix.lower() not in SUFFIXES or not file.is_file():
                continue
            if file.resolve().is_relative_to(inside):
                pictures.append((file, emotion))
            else:
                skipped.outside += 1
    if not pictures:
        raise SetupError(f"{root}: no pictures; expected <emotion>/*.jpg with emotions {', '.join(EMOTIONS)}")
    return [(file, emotion) for file, emotion in pictures if emotion is not None]


def read_faces(
    files: Sequence[Path], weights: AnalyzerFactory, skipped: Skipped
) -> Iterator[tuple[int, Probabilities]]:
    """Yield the row of each file and what the classifier says of its largest face, under a progress bar.

    What cannot be read, or has no face, is counted in `skipped` and not yielded.
    """
    limits = Limits(current_app.config["MAX_IMAGE_BYTES"], current_app.config["MAX_IMAGE_PIXELS"])
    analyzer = weights.analyzer()
    progress = track(files, "Reading", console=Console(stderr=True), transient=True)
    for row, file in enumerate(progress):
        try:
            with file.open("rb") as handle:
                found = analyzer.probabilities(handle.read(limits.max_bytes + 1), limits)
        except OSError:
            skipped.unreadable["unreadable"] += 1
        except (ImageError, MissingImage) as error:
            skipped.unreadable[error.code] += 1
        else:
            if found is None:
                skipped.no_face += 1
            else:
                yield row, found
