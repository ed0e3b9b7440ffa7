"""The network on native threads: loaded at first need, bounded, swapped while it runs."""

from __future__ import annotations

from pathlib import Path

from flask import Flask

from ..vision.analyzer import AnalyzerFactory, open_analyzer
from ..vision.images.decoding import Limits
from ..vision.priors import DefaultPriors
from .engine import Engine
from .gate import Gate


def init_app(app: Flask) -> None:
    """Give `app` its engine; loads nothing.

    Reads MODEL_PATH, MODEL_RUNTIME, INFERENCE_PRECISION, INFERENCE_THREADS, INFERENCE_QUEUE, DECODE_MEMORY_MB, PRIOR,
    MAX_IMAGE_BYTES, MAX_IMAGE_PIXELS and INSTANCE_PATH (where a lone .h5 leaves its .tflite).
    """
    runtime, precision, cache = (app.config[name] for name in ("MODEL_RUNTIME", "INFERENCE_PRECISION", "INSTANCE_PATH"))
    # TensorFlow deadlocks where more than one thread calls it, so no other may stand in for its one.
    tensorflow = runtime == "tensorflow"
    threads = 1 if tensorflow else app.config["INFERENCE_THREADS"]
    gate = Gate(threads, app.config["DECODE_MEMORY_MB"] << 20, stand_ins=not tensorflow)

    def load(path: Path) -> AnalyzerFactory:
        return open_analyzer(path, runtime, precision, threads=threads, cache_dir=cache, admit=gate)

    app.extensions["inference"] = Engine(
        load,
        app.config["MODEL_PATH"],
        threads,
        app.config["INFERENCE_QUEUE"],
        gate=gate,
        limits=Limits(app.config["MAX_IMAGE_BYTES"], app.config["MAX_IMAGE_PIXELS"]),
        default_priors=DefaultPriors.of_setting(app.config["PRIOR"]),
    )
