"""Calibration of the weights to a user's own images: their operating points, moved."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from visionai.errors import TooFewPictures

from .classifier import Probabilities, calibrate
from .emotions import EMOTIONS, Emotion
from .fitting import Classes, fit
from .priors import OperatingPoint, Prior
from .trial import LEAST_PICTURES, Trial, cross_validate
from .weights import WeightsManifest

LEAST_CLASSES = 2


@dataclass(frozen=True, slots=True)
class Calibration:
    """What moves the operating points of the weights `version`.

    `offsets` are seven, in the order of `EMOTIONS`, added to those of every point, so that points keep their distance
    from each other; `temperature_factor` multiplies every temperature.
    """

    version: str
    name: str
    offsets: tuple[float, ...]
    temperature_factor: float

    @property
    def tag(self) -> str:
        """What answers carry: the version and the name."""
        return f"{self.version}+{self.name}"

    def applied_to(self, manifest: WeightsManifest) -> WeightsManifest:
        """Return the manifest with its points moved, under the tag of the calibration."""
        priors = {prior: self._moved(point) for prior, point in manifest.priors.items()}
        return replace(manifest, model_version_tag=self.tag, priors=priors)

    def _moved(self, point: OperatingPoint) -> OperatingPoint:
        offsets = tuple(own + added for own, added in zip(point.offsets, self.offsets, strict=True))
        return replace(point, offsets=offsets, temperature=point.temperature * self.temperature_factor)


@dataclass(frozen=True, slots=True)
class Proposal:
    """A calibration that was fitted and has no name yet, and what it is worth.

    `images` counts what was fitted to, by emotion. `left_out` counts images that were not: `duplicate` (the same
    image again), `ambiguous` (the same image under two emotions), `too_few` (their emotion has under five).
    """

    version: str
    offsets: tuple[float, ...]
    temperature_factor: float
    pictures: Mapping[Emotion, int]
    left_out: Mapping[str, int]
    trial: Trial

    def named(self, name: str) -> Calibration:
        """Return the calibration under a name."""
        return Calibration(self.version, name, self.offsets, self.temperature_factor)


def propose(manifest: WeightsManifest, probabilities: Probabilities, labels: Classes) -> Proposal:
    """Fit a calibration to probabilities (n, 7), as the classifier gives them, and class indices (n,).

    Raises TooFewPictures unless two emotions have five images each.
    """
    kept, left_out = _usable(probabilities, labels)
    classes, counts = np.unique(labels[kept], return_counts=True)
    if len(classes) < LEAST_CLASSES:
        raise TooFewPictures(least=LEAST_PICTURES, found=_counted(labels))
    even = manifest.priors[Prior.EVEN]
    odds = np.log(calibrate(probabilities[kept], even))
    fitted = fit(odds, labels[kept])
    # With z = (log p + offsets) / T, gain z + shift = (log p + offsets + shift T / gain) / (T / gain).
    offsets = np.array(fitted.shift) * even.temperature / fitted.gain
    return Proposal(
        version=manifest.model_version_tag,
        offsets=tuple(round(float(value), 6) for value in offsets),
        temperature_factor=round(1 / fitted.gain, 6),
        pictures={Emotion.from_index(int(label)): int(count) for label, count in zip(classes, counts, strict=True)},
        left_out=left_out,
        trial=cross_validate(odds, labels[kept]),
    )


def _usable(probabilities: Probabilities, labels: Classes) -> tuple[Classes, dict[str, int]]:
    """Return the rows to fit to, and how many of the others there are of each kind.

    Images that the network reads alike to the last bit are the same image.
    """
    pictures: dict[bytes, list[int]] = {}
    for row, values in enumerate(probabilities):
        pictures.setdefault(values.tobytes(), []).append(row)
    clear = [rows for rows in pictures.values() if len(set(labels[rows].tolist())) == 1]
    distinct = np.array([rows[0] for rows in clear], np.int64)
    counts = np.bincount(labels[distinct], minlength=len(EMOTIONS))
    kept = distinct[counts[labels[distinct]] >= LEAST_PICTURES]
    known = sum(map(len, clear))
    left_out = {
        "duplicate": known - len(distinct),
        "ambiguous": len(labels) - known,
        "too_few": len(distinct) - len(kept),
    }
    return kept, left_out


def _counted(labels: Classes) -> str:
    """Return how many images each emotion has, in words."""
    counts = np.bincount(labels, minlength=len(EMOTIONS)).tolist()
    parts = [f"{emotion} {count}" for emotion, count in zip(EMOTIONS, counts, strict=True) if count]
    return ", ".join(parts) or "0"
