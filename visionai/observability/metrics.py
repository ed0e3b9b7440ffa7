"""Prometheus metrics: counted as things happen, or read when a scrape asks.

All of them speak of this process. They are one set a process, not one an application, as the extensions are that they
are read from.
"""

from __future__ import annotations

from collections.abc import Iterable

from prometheus_client import CollectorRegistry, Counter, GCCollector, Histogram, PlatformCollector, ProcessCollector
from prometheus_client.metrics_core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from .. import __version__
from ..body_memory import body_memory
from ..extensions import inference
from ..services import presence
from ..services.recording.recorder import recorder
from ..vision.results import Analysis

_FAST = (0.0005, 0.001, 0.002, 0.003, 0.005, 0.0075, 0.01, 0.015, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5)

registry = CollectorRegistry()
requests = Counter("visionai_requests", "HTTP requests answered.", ["method", "endpoint", "status"], registry=registry)
request_seconds = Histogram(
    "visionai_request_seconds", "From an HTTP request to its answer.", ["endpoint"], buckets=_FAST, registry=registry
)
predictions = Counter(
    "visionai_predictions",
    "Pictures answered, by the way they came and how they were answered: success, or the code of what was wrong.",
    ["transport", "status"],
    registry=registry,
)
frame_age_seconds = Histogram(
    "visionai_frame_age_seconds",
    "From a frame's arrival to its answer.",
    ["transport"],
    buckets=_FAST,
    registry=registry,
)
step_seconds = Histogram(
    "visionai_step_seconds",
    "A step of reading a picture; whole is all of them.",
    ["step"],
    buckets=_FAST,
    registry=registry,
)
login_failures = Counter("visionai_login_failures", "Logins that were refused.", registry=registry)


def count_analysis(_: object, *, analysis: Analysis) -> None:
    """Note how long each step of `analysis` took."""
    for step, milliseconds in analysis.step_ms.items():
        step_seconds.labels(step).observe(milliseconds / 1000)
    step_seconds.labels("whole").observe(analysis.processing_time_ms / 1000)


def count_answer(transport: str, *, status: str, age_ms: float | None) -> None:
    """Note the answer to an image or a frame."""
    predictions.labels(transport, status).inc()
    if age_ms is not None:
        frame_age_seconds.labels(transport).observe(age_ms / 1000)


class Standing(Collector):
    """What has a size now: queues, states, clients. Needs an application context to be collected."""

    def collect(self) -> Iterable[Metric]:
        """Yield the figures as they stand."""
        for name, text, value in self._values():
            yield GaugeMetricFamily(f"visionai_{name}", text, value=float(value))
        yield CounterMetricFamily(
            "visionai_recorder_set_aside",
            "Lines and files of waiting rows that could not be read and are set aside on the disk.",
            value=float(recorder.set_aside),
        )
        build = GaugeMetricFamily(
            "visionai_build", "Which version runs, and which weights.", labels=("version", "weights")
        )
        build.add_metric([__version__, inference.version_tag or ""], 1.0)
        yield build

    def _values(self) -> Iterable[tuple[str, str, float]]:
        yield "clients_connected", "Clients on sockets of this process.", presence.here()
        yield "inference_queue", "Pictures that wait to be read.", inference.waiting
        yield "inference_busy_threads", "Threads that read a picture, stuck ones included.", inference.busy_threads
        yield "inference_lost_threads", "Threads that are stuck in a picture and were given up.", inference.lost_threads
        yield (
            "inference_oldest_seconds",
            "Age of the oldest picture that waits or is being read.",
            inference.oldest_seconds,
        )
        yield "inference_loaded", "1 when weights are loaded.", inference.status == "loaded"
        yield "body_bytes", "Memory held for bodies and messages of clients, in bytes.", body_memory().used
        yield "recorder_backlog", "Rows that wait to be committed, in memory and on disk.", recorder.backlog
        yield "recorder_ok", "1 while rows reach the database, 0 while they wait for it.", recorder.state == "ok"

    def describe(self) -> Iterable[Metric]:
        """Name nothing beforehand: registering must not need an application."""
        return ()


registry.register(Standing())
ProcessCollector(registry=registry)
PlatformCollector(registry=registry)
GCCollector(registry=registry)
