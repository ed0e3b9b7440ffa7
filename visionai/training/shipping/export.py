"""Export of trained weights to what is served: `.h5`, `.tflite` and the manifest that binds them."""

from __future__ import annotations

import json
import shutil
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import keras
import numpy as np
import numpy.typing as npt

from visionai.errors import WeightsError
from visionai.vision.classifier import open_classifier
from visionai.vision.crops import CropSettings
from visionai.vision.keras_classifier import convert
from visionai.vision.runtime import Precision
from visionai.vision.weights import WeightsFile, WeightsManifest, sha256_of

from ..data.dataset import Dataset
from ..measuring.points import fit_points
from ..network.network import INPUT_SHAPE
from ..network.predict import predict
from ..network.weights import load_classifier, load_unshifted, save_classifier
from .manifest import write_manifest

TOLERANCE = 1e-3
"""How far a probability of the `.tflite` in float32 may lie from the `.h5`'s."""


@dataclass(frozen=True)
class Exported:
    """What `export` made: the manifest's path, what is in it, and the largest difference between the two files."""

    path: Path
    manifest: WeightsManifest
    difference: float


def export(source: Path, folder: Path, name: str, tag: str | None = None, dataset: Dataset | None = None) -> Exported:
    """Write `name`.h5, .tflite and .json into `folder` and check that both files answer alike.

    With a `dataset` the operating points are fitted on its PublicTest; without, those of a manifest beside `source` are
    kept. Without a `tag` the one of that manifest is kept, or it is `name`. How faces are cropped is kept from the
    manifest that is replaced.

    Raises WeightsError where the source is damaged, of another shape, or the two files differ by more than `TOLERANCE`.
    """
    classifier = load_classifier(source) if dataset is None else load_unshifted(source)
    folder.mkdir(parents=True, exist_ok=True)
    earlier = _earlier(source.with_suffix(".json"))
    replaced = _earlier(folder / f"{name}.json")
    h5, tflite = folder / f"{name}.h5", folder / f"{name}.tflite"
    settings = _settings(source, earlier)
    if dataset is not None and settings.pop("balance", None):
        save_classifier(classifier, h5)
    elif source.resolve() != h5.resolve():
        shutil.copyfile(source, h5)
    convert(h5, tflite)
    manifest = WeightsManifest(
        model_version_tag=tag or (earlier.model_version_tag if earlier else name),
        keras=WeightsFile(h5, sha256_of(h5)),
        tflite=WeightsFile(tflite, sha256_of(tflite)),
        total_params=classifier.count_params(),
        crop=replaced.crop if replaced else CropSettings(),
        settings=settings,
    )
    manifest = _with_points(manifest, classifier, earlier, dataset)
    difference = check_agreement(classifier, manifest)
    write_manifest(folder / f"{name}.json", manifest)
    return Exported(folder / f"{name}.json", manifest, difference)


def check_agreement(classifier: keras.Model, manifest: WeightsManifest) -> float:
    """Return the largest difference of a probability between Keras and the `.tflite`, both in float32.

    Raises WeightsError where it is above `TOLERANCE`.
    """
    pictures = _trial_pictures()
    served = open_classifier(manifest, precision=Precision.F32).classify(pictures.astype(np.float32) / np.float32(255))
    difference = float(np.abs(served - predict(classifier, pictures)).max())
    if not difference <= TOLERANCE:
        name = manifest.tflite.path.name if manifest.tflite else manifest.model_version_tag
        raise WeightsError(f"{name}: answers differ by {difference:.4f} from the .h5's; expected at most {TOLERANCE}")
    return difference


def _trial_pictures(count: int = 32) -> npt.NDArray[np.uint8]:
    """Make smooth and noisy, dark and bright images, uint8 (count, 96, 96, 3); the same ones every time."""
    rng = np.random.default_rng(0)
    coarse = rng.random((count, 6, 6, 3)).repeat(16, axis=1).repeat(16, axis=2)
    noise = rng.random((count, *INPUT_SHAPE))
    light = rng.uniform(0.2, 1.0, (count, 1, 1, 1))
    return np.asarray(255 * light * (0.8 * coarse + 0.2 * noise), np.uint8)


def _with_points(
    manifest: WeightsManifest, classifier: keras.Model, earlier: WeightsManifest | None, dataset: Dataset | None
) -> WeightsManifest:
    """Return the manifest with points fitted on the data, or else with those of the earlier one."""
    points = fit_points(classifier, dataset) if dataset is not None else None
    if points is not None:
        settings = dict(manifest.settings) | {"even_strength": points.strength}
        return replace(manifest, priors=points.priors, learned_shares=points.learned_shares, settings=settings)
    if earlier is not None:
        return replace(
            manifest,
            priors=earlier.priors,
            learned_shares=earlier.learned_shares,
            uncertain_threshold=earlier.uncertain_threshold,
        )
    return manifest


def _earlier(path: Path) -> WeightsManifest | None:
    return WeightsManifest.read(path) if path.is_file() else None


def _settings(source: Path, earlier: WeightsManifest | None) -> dict[str, Any]:
    """Return the settings the training run left beside its weights, or those an earlier export kept."""
    path = source.with_name("settings.json")
    try:
        settings: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return dict(earlier.settings) if earlier else {}
    except ValueError as err:
        raise WeightsError(f"{path}: cannot be read; expected the settings.json of a training run") from err
    return settings
