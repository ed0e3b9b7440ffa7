"""Conversion of Keras weights to .tflite in a child process: TensorFlow never enters the server."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from visionai import ROOT
from visionai.errors import WeightsError

from ..weights import WeightsManifest

_TIME_LIMIT = 300


def resolve_weights(source: WeightsManifest | Path, cache_dir: Path | None = None) -> Path:
    """Return the .tflite of a set of weights, converted and kept in `cache_dir` where there is only Keras' file.

    Raises WeightsError where a file is missing or damaged, or cannot be converted.
    """
    manifest = WeightsManifest.read(source) if isinstance(source, Path) else source
    if manifest.tflite is not None:
        return manifest.tflite.verified()
    if manifest.keras is None or cache_dir is None:
        raise WeightsError(f"{manifest.model_version_tag}: expected a .tflite, or a .h5 and a folder to convert it in")
    source = manifest.keras.verified()
    target = cache_dir / f"{manifest.keras.sha256}.tflite"
    if not target.is_file():
        _run_converter(source, target)
    return target


def _run_converter(source: Path, target: Path) -> None:
    """Convert in a child process; the target appears whole or not at all."""
    target.parent.mkdir(parents=True, exist_ok=True)
    part = target.with_suffix(f".{os.getpid()}.part")
    command = [sys.executable, "-m", "visionai.vision.keras_classifier", str(source), str(part)]
    root = str(ROOT)
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(filter(None, [root, os.environ.get("PYTHONPATH")]))}
    try:
        part.touch(0o600)  # The folder may be one that others read.
        subprocess.run(command, check=True, capture_output=True, timeout=_TIME_LIMIT, env=environment)  # noqa: S603
        part.replace(target)
    except subprocess.CalledProcessError as err:
        raise WeightsError(_said(err.stderr) or f"{source.name}: expected weights that can become a .tflite") from err
    except (subprocess.SubprocessError, OSError) as err:
        raise WeightsError(f"{source.name}: expected Keras weights that TensorFlow can convert to .tflite") from err
    finally:
        part.unlink(missing_ok=True)


def _said(stderr: bytes) -> str:
    """Return the converter's own WeightsError, where that is what ended it."""
    last = stderr.decode(errors="replace").rstrip().rpartition("\n")[2]
    name, _, text = last.partition(": ")
    return text if name == f"{WeightsError.__module__}.{WeightsError.__name__}" else ""
