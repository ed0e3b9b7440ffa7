"""Writing the manifest that says what a set of weights is; `visionai.vision.weights` reads it."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

from visionai.vision.emotions import EMOTIONS
from visionai.vision.priors import Prior
from visionai.vision.weights import WeightsFile, WeightsManifest

from ..network.network import INPUT_SHAPE


def write_manifest(path: Path, manifest: WeightsManifest) -> None:
    """Write a manifest as JSON; the file is replaced whole or not at all."""
    files = {"h5": manifest.keras, "tflite": manifest.tflite}
    values: dict[str, Any] = {
        "model_version_tag": manifest.model_version_tag,
        "files": {kind: _describe(file) for kind, file in files.items() if file is not None},
        "input_shape": list(INPUT_SHAPE),
        "emotion_classes": [emotion.value for emotion in EMOTIONS],
        "total_params": manifest.total_params,
        **_calibration(manifest),
        "uncertain_threshold": manifest.uncertain_threshold,
        "crop": asdict(manifest.crop),
        "metrics": dict(manifest.metrics),
        "settings": dict(manifest.settings),
    }
    beside = path.with_suffix(".json.part")
    beside.write_text(json.dumps(values, indent=2) + "\n", encoding="utf-8")
    beside.replace(path)


def _describe(file: WeightsFile) -> dict[str, str]:
    return {"name": file.path.name, "sha256": file.sha256}


def _calibration(manifest: WeightsManifest) -> dict[str, Any]:
    """Return the operating points, or the one temperature of weights that name no class shares."""
    if manifest.learned_shares is None:
        return {"temperature": manifest.priors[Prior.EVEN].temperature}
    points = {
        prior.value: {"shares": list(point.shares or ()), "temperature": point.temperature}
        for prior, point in manifest.priors.items()
    }
    return {"learned_shares": list(manifest.learned_shares), "priors": points}
