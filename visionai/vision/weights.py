"""Weights files and the manifest beside them that says what they are."""

from __future__ import annotations

import hashlib
import json
import math
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

from visionai.errors import WeightsError

from .crops import SIDE, CropSettings
from .emotions import EMOTIONS
from .priors import OperatingPoint, Prior, same_point
from .results import UNCERTAIN_BELOW

T = TypeVar("T")

_KERAS = (".h5", ".keras")
_CLASSES = tuple(emotion.value for emotion in EMOTIONS)
_SUM_TOLERANCE = 0.01
"""How far class shares, which are rounded, may sum from 1. A common factor changes no score."""


@dataclass(frozen=True, slots=True)
class WeightsFile:
    """A file of weights and the SHA-256 of its content, in hexadecimal."""

    path: Path
    sha256: str

    def verified(self) -> Path:
        """Return the path; raises WeightsError where the file is missing or not the one that was recorded."""
        if not self.path.is_file():
            raise WeightsError(f"{self.path.name}: expected this file beside its manifest, found none")
        try:
            actual = sha256_of(self.path)
        except OSError as err:
            raise WeightsError(f"{self.path.name}: expected a file that can be read") from err
        if actual != self.sha256:
            raise WeightsError(f"{self.path.name}: expected the sha256 {self.sha256} that its manifest names")
        return self.path


@dataclass(frozen=True, slots=True)
class WeightsManifest:
    """What is to be known of a set of weights: where its files are, what goes in and how its answers are read.

    `keras` and `tflite` are the same network; either may be missing, not both. `priors` holds an operating point for
    each prior. `learned_shares` are the class shares that the network absorbed, which the points count from; None in
    the first form of a manifest, which has one `temperature` for both. A face whose best score is under
    `uncertain_threshold` is uncertain.
    """

    model_version_tag: str
    keras: WeightsFile | None
    tflite: WeightsFile | None
    total_params: int | None = None
    priors: Mapping[Prior, OperatingPoint] = field(default_factory=lambda: same_point(OperatingPoint.of_temperature(1)))
    learned_shares: tuple[float, ...] | None = None
    uncertain_threshold: float = UNCERTAIN_BELOW
    crop: CropSettings = field(default_factory=CropSettings)
    metrics: Mapping[str, Any] = field(default_factory=dict)
    settings: Mapping[str, Any] = field(default_factory=dict)

    @classmethod
    def read(cls, path: Path) -> WeightsManifest:
        """Read a manifest, or describe a .h5, .keras or .tflite by the manifest of the same name beside it, if any.

        Raises WeightsError with one line on what is wrong.
        """
        if path.suffix == ".json":
            return _parse(path)
        manifest = path.with_suffix(".json")
        return _parse(manifest) if manifest.is_file() else _describe(path)


def sha256_of(path: Path) -> str:
    """Return the SHA-256 of a file's content, in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def check_shapes(path: Path, taken: tuple[int | None, ...], given: tuple[int | None, ...]) -> None:
    """Raise WeightsError unless a network takes crops and gives a probability for each emotion."""
    if taken != (SIDE, SIDE, 3):
        raise WeightsError(f"{path.name}: expected an input of {SIDE} x {SIDE} x 3, found {taken}")
    if given != (len(EMOTIONS),):
        raise WeightsError(f"{path.name}: expected {len(EMOTIONS)} classes, found {given}")


def _describe(path: Path) -> WeightsManifest:
    """Make a manifest for weights that have none, calibrated by nothing."""
    if not path.is_file():
        raise WeightsError(f"{path.name}: expected weights (.h5, .keras, .tflite) or a manifest (.json), found none")
    file = WeightsFile(path, sha256_of(path))
    if path.suffix in _KERAS:
        return WeightsManifest(path.stem, keras=file, tflite=None)
    if path.suffix == ".tflite":
        return WeightsManifest(path.stem, keras=None, tflite=file)
    raise WeightsError(f"{path.name}: expected a name that ends in .h5, .keras, .tflite or .json")


def _parse(path: Path) -> WeightsManifest:
    """Read and check a manifest file."""
    fields = _Fields(path)
    fields.expect("input_shape", [SIDE, SIDE, 3])
    fields.expect("emotion_classes", list(_CLASSES))
    keras, tflite = fields.file("h5"), fields.file("tflite")
    if keras is None and tflite is None:
        raise WeightsError(f"{path.name}: expected “files” to name a h5 or a tflite")
    crop = fields.get("crop", dict)
    try:
        settings = CropSettings(**crop)
    except TypeError as err:
        raise WeightsError(f"{path.name}: expected “crop” to hold scale, offset_x, offset_y and align alone") from err
    learned, priors = fields.priors()
    return WeightsManifest(
        model_version_tag=fields.get("model_version_tag", str),
        keras=keras,
        tflite=tflite,
        total_params=fields.get("total_params", int),
        priors=priors,
        learned_shares=learned,
        uncertain_threshold=fields.positive("uncertain_threshold"),
        crop=settings,
        metrics=fields.get("metrics", dict),
        settings=fields.get("settings", dict),
    )


class _Fields:
    """The fields of a manifest file, checked as they are taken."""

    def __init__(self, path: Path) -> None:
        self._path = path
        try:
            values = json.loads(path.read_text(encoding="utf-8"))
        except FileNotFoundError as err:
            raise WeightsError(f"{path.name}: expected a manifest of weights, found no file") from err
        except (ValueError, OSError) as err:
            raise WeightsError(f"{path.name}: expected a manifest of weights in JSON") from err
        if not isinstance(values, dict):
            raise WeightsError(f"{path.name}: expected a JSON object")
        self._values: dict[str, Any] = values

    def get(self, name: str, kind: type[T]) -> T:
        value = self._values.get(name)
        if not isinstance(value, kind):
            raise self._wrong(f"“{name}” to be of type {kind.__name__}")
        return value

    def positive(self, name: str) -> float:
        return self._positive(name, self._values.get(name))

    def priors(self) -> tuple[tuple[float, ...] | None, Mapping[Prior, OperatingPoint]]:
        """Return the learned shares and the operating points; a manifest of the first form has one temperature."""
        if "priors" not in self._values and "learned_shares" not in self._values:
            return None, same_point(OperatingPoint.of_temperature(self.positive("temperature")))
        learned = self._shares("learned_shares", self._values.get("learned_shares"))
        entries = self.get("priors", dict)
        if entries.keys() != set(Prior):
            raise self._wrong(f"“priors” to hold {' and '.join(Prior)} alone")
        return learned, {prior: self._point(f"priors.{prior}", entries[prior], learned) for prior in Prior}

    def _point(self, name: str, entry: object, learned: tuple[float, ...]) -> OperatingPoint:
        if not isinstance(entry, dict):
            raise self._wrong(f"“{name}” to hold shares and a temperature")
        shares = self._shares(f"{name}.shares", entry.get("shares"))
        return OperatingPoint.of_shares(
            shares, learned, self._positive(f"{name}.temperature", entry.get("temperature"))
        )

    def _shares(self, name: str, values: object) -> tuple[float, ...]:
        if not isinstance(values, list) or len(values) != len(EMOTIONS) or not all(map(_is_positive, values)):
            raise self._wrong(f"“{name}” to be {len(EMOTIONS)} numbers above 0")
        if abs(math.fsum(values) - 1) > _SUM_TOLERANCE:
            raise self._wrong(f"“{name}” to sum to 1")
        return tuple(map(float, values))

    def _positive(self, name: str, value: Any) -> float:
        if not _is_positive(value):
            raise self._wrong(f"“{name}” to be a number above 0")
        return float(value)

    def _wrong(self, expected: str) -> WeightsError:
        return WeightsError(f"{self._path.name}: expected {expected}")

    def expect(self, name: str, value: object) -> None:
        if self._values.get(name) != value:
            raise self._wrong(f"“{name}” to be {value}")

    def file(self, kind: str) -> WeightsFile | None:
        entry = self.get("files", dict).get(kind)
        if entry is None:
            return None
        name, sha256 = (entry.get("name"), entry.get("sha256")) if isinstance(entry, dict) else (None, None)
        # A plain name: a manifest must not reach out of its own folder.
        if not isinstance(name, str) or not isinstance(sha256, str) or Path(name).name != name:
            raise self._wrong(f"“files.{kind}” to hold a plain file name and a sha256")
        return WeightsFile(self._path.with_name(name), sha256)


def _is_positive(value: object) -> bool:
    """Tell whether a value of JSON is a finite number above 0; `true` is none, and neither is NaN."""
    return isinstance(value, int | float) and not isinstance(value, bool) and 0 < value <= sys.float_info.max
