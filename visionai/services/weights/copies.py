"""Local copies of versions of the weights, in the instance folder: whole and checked, or not there."""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Iterable, Iterator
from pathlib import Path

from flask import current_app

from ... import concurrency, private_files
from ...errors import WeightsError
from ...models import ModelVersion
from ...vision.classifier import Runtime
from ...vision.weights import WeightsFile, WeightsManifest
from . import files, versions


def local_manifest(version: ModelVersion) -> Path:
    """Return the manifest of a registered version on this machine, with the files beside it that are read here.

    What is missing or damaged is fetched. Raises WeightsError where that cannot be done.
    """
    if version.manifest is None:  # Registered before files were kept by their content.
        versions.manifest(version)
        return versions.manifest_path(version)
    path = _place(version)
    text = _text(version)
    if not path.is_file() or path.read_bytes() != text:
        private_files.write(path, [text])
    for file in read_here(WeightsManifest.read(path)):
        if not concurrency.call_native(_is_whole, file):
            files.fetch(file)
    return path


def read_here(manifest: WeightsManifest) -> Iterator[WeightsFile]:
    """Yield the files that servers read: OpenVINO's, and Keras' where TensorFlow runs or there is no other."""
    tensorflow = current_app.config["MODEL_RUNTIME"] == Runtime.TENSORFLOW
    if manifest.tflite is not None:
        yield manifest.tflite
    if manifest.keras is not None and (tensorflow or manifest.tflite is None):
        yield manifest.keras


def forget_all_but(kept: Iterable[ModelVersion]) -> None:
    """Delete the copies of other versions from this machine."""
    folder = _folder()
    needed = {_place(version).parent for version in kept if version.manifest is not None}
    for copy in folder.iterdir() if folder.is_dir() else ():
        if copy not in needed:
            shutil.rmtree(copy, ignore_errors=True)


def _folder() -> Path:
    return Path(current_app.instance_path) / "weights"


def _place(version: ModelVersion) -> Path:
    """Return where the manifest of a version lies: by its content, so that a changed one is another one."""
    name = Path(version.model_filename or "").name
    return (
        _folder()
        / hashlib.sha256(_text(version)).hexdigest()[:32]
        / (name if name.endswith(".json") else "weights.json")
    )


def _text(version: ModelVersion) -> bytes:
    return json.dumps(version.manifest, indent=2, sort_keys=True).encode() + b"\n"


def _is_whole(file: WeightsFile) -> bool:
    try:
        file.verified()
    except WeightsError:
        return False
    return True
