"""The inference engine: native threads that load the weights at first need, and turn to others while they run."""

from __future__ import annotations

import contextlib
import logging
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from .. import concurrency
from ..errors import Busy, SetupError, WeightsError
from ..signals import image_analyzed
from ..vision.analyzer import Analyzer, AnalyzerFactory
from ..vision.calibration import Calibration
from ..vision.classifier import Probabilities
from ..vision.images.decoding import Limits
from ..vision.priors import DefaultPriors, Prior
from ..vision.results import Analysis, Box
from ..vision.weights import WeightsManifest
from .gate import Gate

logger = logging.getLogger(__name__)

RETRY_SECONDS = 5.0
"""How long a load that failed is left alone, in seconds."""

PATIENCE_SECONDS = 10.0
"""How long a thread may take over one image before it is given up."""


class Engine:
    """The native threads of one application and the weights they run.

    Each thread keeps an analyzer of its own and makes a new one when it sees that the weights were swapped; so a swap
    drops nothing and nobody waits for it.
    """

    def __init__(
        self,
        load: Callable[[Path], AnalyzerFactory],
        path: Path,
        threads: int,
        waiting: int,
        *,
        gate: Gate | None = None,
        limits: Limits | None = None,
        default_priors: DefaultPriors | None = None,
    ) -> None:
        self.status = "not_loaded"
        self._load = load
        self._path = path
        self._weights: AnalyzerFactory | None = None
        self._failure: WeightsError | None = None
        self._retry_at = 0.0
        self._loading = concurrency.NativeLock()
        self._limits = limits or Limits()
        self.default_priors = default_priors or DefaultPriors.of_setting("auto")
        self._threads = concurrency.NativeThreads(
            threads, waiting, "inference", _ThreadState, spare=gate.stand_ins if gate else 0, patience=PATIENCE_SECONDS
        )
        if gate:
            gate.threads = self._threads

    @property
    def waiting(self) -> int:
        """How many images wait for a thread."""
        return self._threads.waiting

    @property
    def busy_threads(self) -> int:
        """How many threads read an image, stuck ones included."""
        return self._threads.busy

    @property
    def lost_threads(self) -> int:
        """How many threads are stuck in an image and were given up."""
        return self._threads.lost

    @property
    def oldest_seconds(self) -> float:
        """The age of the oldest image that waits or is being read; 0 while the weights are being loaded."""
        return 0.0 if self.status == "loading" else self._threads.oldest_seconds

    @property
    def weights(self) -> AnalyzerFactory | None:
        """The weights that are served, or None before they are loaded."""
        return self._weights

    @property
    def version_tag(self) -> str | None:
        """The tag that answers carry: weights and calibration; None before the weights are loaded."""
        return self._weights.version_tag if self._weights else None

    @property
    def manifest(self) -> WeightsManifest | None:
        """The manifest of the weights that are served, as they were measured; None before they are loaded."""
        return self._weights.manifest if self._weights else None

    def info(self) -> dict[str, Any]:
        """Return the fields of `/model/info`; those that only loaded weights know are None before."""
        defaults = {"pictures": self.default_priors.pictures.value, "frames": self.default_priors.frames.value}
        described = self._weights.describe() if self._weights else _NOTHING_KNOWN
        return {"status": self.status, **described, "default_priors": defaults}

    def analyze(
        self, data: bytes, *, detect: bool = True, prior: Prior | None = None, near: Sequence[Box] = ()
    ) -> Analysis:
        """Return the faces in an image while other tasks go on; loads at the first need.

        Without a `prior` the one of the setting for images holds. Raises Busy when the queue is full, an ImageError
        for the image, WeightsError where there are none to read it.
        """
        assumed = prior or self.default_priors.pictures

        def work(analyzer: Analyzer) -> Analysis:
            return analyzer.analyze(data, detect=detect, prior=assumed, near=near, limits=self._limits)

        analysis: Analysis = self.run(work)
        image_analyzed.send(self, analysis=analysis)
        return analysis

    def probabilities(self, data: bytes) -> Probabilities | None:
        """Return what the classifier says of the largest face in an image, before calibration; None without a face.

        Raises as `analyze` does.
        """
        return self.run(lambda analyzer: analyzer.probabilities(data, self._limits))  # type: ignore[no-any-return]

    def run(self, work: Callable[[Analyzer], Any]) -> Any:
        """Return what `work` makes of an analyzer; raises Busy, WeightsError and what `work` raises."""
        return self._threads.run(self._with_analyzer, work)

    def submit(self, work: Callable[[Analyzer], Any], on_done: concurrency.Done) -> None:
        """Queue `work` and return at once; raises Busy when the queue is full."""
        self._threads.submit(self._with_analyzer, work, on_done=on_done)

    def load(self) -> None:
        """Begin to load, unless it is done, under way, or failed a moment ago."""
        if self._may_load():
            # A full queue is full of images, any of which begins it as well.
            with contextlib.suppress(Busy):
                self._threads.submit(self._with_analyzer, _nothing, on_done=_nothing)

    def load_now(self) -> None:
        """Load and wait until it is done; raises WeightsError."""
        self.run(_nothing)

    def swap(self, path: Path, calibration: Calibration | None = None) -> None:
        """Load other weights beside the running ones, then let every thread turn to them; raises SetupError."""
        weights = concurrency.call_native(self._load, path)
        self._weights = weights.calibrated(calibration) if calibration else weights
        self._path, self._failure, self.status = path, None, "loaded"

    def calibrate(self, calibration: Calibration | None) -> None:
        """Let every thread turn to other operating points of the weights that are loaded; loads nothing."""
        if self._weights is not None and self._weights.calibration != calibration:
            self._weights = self._weights.calibrated(calibration)

    def close(self) -> None:
        """Finish what is queued and stop the threads."""
        self._threads.close()

    def _may_load(self) -> bool:
        return self.status == "not_loaded" or (self.status == "failed" and time.monotonic() >= self._retry_at)

    def _with_analyzer(self, state: _ThreadState, work: Callable[[Analyzer], Any]) -> Any:
        """Run on a native thread: take the current weights, loading them where nobody did, and do the work."""
        analyzer = state.analyzer(self._weights or self._loaded())
        self._threads.start_clock()  # Loading may take its time.
        return work(analyzer)

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
    """Do nothing with an analyzer: submitting this forces the load."""


class _ThreadState:
    """What a native thread keeps: its analyzer and the weights that it was made of."""

    def __init__(self) -> None:
        self._weights: AnalyzerFactory | None = None
        self._analyzer: Analyzer | None = None

    def analyzer(self, weights: AnalyzerFactory) -> Analyzer:
        if self._analyzer is None or self._weights is not weights:
            self._weights, self._analyzer = weights, weights.analyzer()
        return self._analyzer


_NOTHING_KNOWN = dict.fromkeys(
    (
        "model_version_tag",
        "weights_version_tag",
        "calibration",
        "input_shape",
        "num_classes",
        "total_params",
        "emotion_classes",
        "runtime",
        "metrics",
        "learned_shares",
        "priors",
    )
)
