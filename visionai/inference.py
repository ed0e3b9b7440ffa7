"""The network as an extension: loaded at first need, run on native threads, swapped while it runs."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from flask import Flask, current_app

from . import concurrency
from .errors import SetupError, WeightsError
from .vision.analyzer import Analyzer, AnalyzerFactory, open_analyzer
from .vision.images import Limits
from .vision.results import Analysis, Box

logger = logging.getLogger(__name__)

RETRY_SECONDS = 5.0
"""How long a load that failed is left alone, in seconds."""

Observer = Callable[[Analysis], None]


class Engine:
    """The native threads of one application and the weights they run.

    Each thread keeps an analyzer of its own and makes a new one when it sees that the weights were swapped; so a swap
    drops nothing and nobody waits for it.
    """

    def __init__(self, load: Callable[[Path], AnalyzerFactory], path: Path, threads: int, waiting: int) -> None:
        self.status = "not_loaded"
        self._load = load
        self._path = path
        self._weights: AnalyzerFactory | None = None
        self._failure: WeightsError | None = None
        self._retry_at = 0.0
        self._loading = concurrency.NativeLock()
        self._observers: list[Observer] = []
        self._threads = concurrency.NativeThreads(threads, waiting, "inference", make_state=_Seat)

    @property
    def waiting(self) -> int:
        """How many pictures wait for a thread."""
        return self._threads.waiting

    @property
    def weights(self) -> AnalyzerFactory | None:
        """The weights that are served, or None before they are loaded."""
        return self._weights

    def run(self, work: Callable[[Analyzer], Any]) -> Any:
        """Return what `work` makes of an analyzer; raises Busy, WeightsError and what `work` raises."""
        return self._threads.run(self._with_analyzer, work)

    def submit(self, work: Callable[[Analyzer], Any], on_done: concurrency.Done) -> None:
        """Queue `work` and return at once; raises Busy when the queue is full."""
        self._threads.submit(self._with_analyzer, work, on_done=on_done)

    def load(self) -> None:
        """Begin to load, unless it is done, under way, or failed a moment ago."""
        if self._may_load():
            self._threads.submit(self._with_analyzer, _nothing, on_done=_nothing)

    def load_now(self) -> None:
        """Load and wait until it is done; raises WeightsError."""
        self.run(_nothing)

    def swap(self, path: Path) -> None:
        """Load other weights beside the running ones, then let every thread turn to them; raises SetupError."""
        self._weights = concurrency.call_native(self._load, path)
        self._path, self._failure, self.status = path, None, "loaded"

    def observe(self, observer: Observer) -> None:
        """Call `observer` with each analysis from now on; it must not wait."""
        self._observers.append(observer)

    def observed(self, analysis: Analysis) -> Analysis:
        """Show an analysis to the observers and return it."""
        for observer in self._observers:
            observer(analysis)
        return analysis

    def close(self) -> None:
        """Finish what is queued and stop the threads."""
        self._threads.close()

    def _may_load(self) -> bool:
        return self.status == "not_loaded" or (self.status == "failed" and time.monotonic() >= self._retry_at)

    def _with_analyzer(self, seat: _Seat, work: Callable[[Analyzer], Any]) -> Any:
        """Run on a native thread: take the current weights, loading them where nobody did, and do the work."""
        return work(seat.analyzer(self._weights or self._loaded()))

    def _loaded(self) -> AnalyzerFactory:
        """Load once, however many threads ask; a failure stands for a while before it is tried again."""
        with self._loading:
            if self._weights is not None:
                return self._weights
            if self._failure is not None and time.monotonic() < self._retry_at:
                raise WeightsError(str(self._failure))
            self.status = "loading"
            try:
                self._weights = self._load(self._path)
            except (SetupError, OSError) as error:
                raise self._failed(error) from error
            finally:
                self.status = "loaded" if self._weights is not None else "failed"
            return self._weights

    def _failed(self, reason: Exception) -> WeightsError:
        """Keep and log why the weights could not be loaded; clients are told less."""
        self._failure, self._retry_at = WeightsError(str(reason)), time.monotonic() + RETRY_SECONDS
        logger.error("The weights cannot be loaded: %s", reason)
        return self._failure


def _nothing(*_: object) -> None:
    """Ask for an analyzer and for nothing of it: what a load is."""


class _Seat:
    """What a native thread keeps: its analyzer and the weights that it was made of."""

    def __init__(self) -> None:
        self._weights: AnalyzerFactory | None = None
        self._analyzer: Analyzer | None = None

    def analyzer(self, weights: AnalyzerFactory) -> Analyzer:
        if self._analyzer is None or self._weights is not weights:
            self._weights, self._analyzer = weights, weights.analyzer()
        return self._analyzer


class Inference:
    """The extension; every application has an `Engine` of its own, and its calls need an application context.

    Reads MODEL_PATH, MODEL_RUNTIME, INFERENCE_PRECISION, INFERENCE_THREADS, INFERENCE_QUEUE, MAX_IMAGE_BYTES,
    MAX_IMAGE_PIXELS and INSTANCE_PATH (where a lone .h5 leaves its .tflite).
    """

    def init_app(self, app: Flask) -> None:
        """Bind to `app`; loads nothing."""
        config = app.config
        threads = 1 if config["MODEL_RUNTIME"] == "tensorflow" else config["INFERENCE_THREADS"]

        def load(path: Path) -> AnalyzerFactory:
            return open_analyzer(
                path,
                config["MODEL_RUNTIME"],
                config["INFERENCE_PRECISION"],
                threads=threads,
                cache_dir=config["INSTANCE_PATH"],
            )

        app.extensions["inference"] = Engine(load, config["MODEL_PATH"], threads, config["INFERENCE_QUEUE"])

    def analyze(self, data: bytes, *, detect: bool = True, near: Sequence[Box] = ()) -> Analysis:
        """Return the faces in a picture while other tasks go on; loads at the first need.

        Raises Busy when the queue is full, an ImageError for the picture, WeightsError where there are none to read it.
        """
        config = current_app.config
        limits = Limits(config["MAX_IMAGE_BYTES"], config["MAX_IMAGE_PIXELS"])
        engine = self.engine

        def work(analyzer: Analyzer) -> Analysis:
            return analyzer.analyze(data, detect=detect, near=near, limits=limits)

        return engine.observed(engine.run(work))

    @property
    def engine(self) -> Engine:
        """The engine of the current application."""
        try:
            engine: Engine = current_app.extensions["inference"]
        except KeyError as err:
            raise SetupError("The inference is not bound to this application. Call inference.init_app(app).") from err
        return engine

    @property
    def status(self) -> str:
        """One of "not_loaded", "loading", "loaded", "failed"."""
        return self.engine.status

    @property
    def version_tag(self) -> str | None:
        """The tag of the weights that are served, or None before they are loaded."""
        weights = self.engine.weights
        return weights.manifest.model_version_tag if weights else None

    @property
    def queue_length(self) -> int:
        """How many pictures wait for a thread."""
        return self.engine.waiting

    def info(self) -> dict[str, Any]:
        """Return the fields of `/model/info`; those that only loaded weights know are None before."""
        weights = self.engine.weights
        return {"status": self.status, **(weights.describe() if weights else _NOTHING_KNOWN)}

    def load(self) -> None:
        """Begin to load and return at once."""
        self.engine.load()

    def load_now(self) -> None:
        """Load and wait until it is done; raises WeightsError."""
        self.engine.load_now()

    def swap(self, manifest: Path) -> None:
        """Serve other weights from now on, dropping nothing; raises WeightsError where they cannot be loaded."""
        self.engine.swap(manifest)

    def observe(self, observer: Observer) -> None:
        """Call `observer` with each analysis of the current application; it must not wait."""
        self.engine.observe(observer)

    def close(self) -> None:
        """Finish what is queued and stop the native threads."""
        self.engine.close()


_NOTHING_KNOWN = dict.fromkeys(
    ("model_version_tag", "input_shape", "num_classes", "total_params", "emotion_classes", "runtime", "metrics")
)
