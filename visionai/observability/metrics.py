"""Prometheus counters and histograms: what happened in this process since it started.

They are one set a process, not one an application, as the extensions are. What has a size now is in `standing.py`.
Series that alerts are made of begin at 0: the first event of a series that was not there before is no increase.
"""

from __future__ import annotations

from flask import Flask
from prometheus_client import CollectorRegistry, Counter, GCCollector, Histogram, PlatformCollector, ProcessCollector

from .. import errors
from ..vision.results import Analysis
from .standing import Standing

METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
"""Methods with series of their own; clients may invent others."""

FAULTS = tuple(
    error.code for error in (errors.VisionAIError, errors.Busy, errors.ModelUnavailable, errors.DatabaseUnavailable)
)
"""Codes of failures that are the server's."""

_STREAMS = ("socketio", "ws")
_PICTURE_CODES = (
    "success",
    *(
        error.code
        for error in (
            errors.MissingImage,
            errors.InvalidBase64,
            errors.InvalidJSON,
            errors.ValidationFailed,
            errors.InvalidToken,
            errors.TooLarge,
            errors.UnsupportedFormat,
            errors.BrokenImage,
            errors.ImageTooLarge,
            errors.ImageTooSmall,
            errors.NoFace,
        )
    ),
    *FAULTS,
)
STATUSES = {"rest": _PICTURE_CODES} | dict.fromkeys(_STREAMS, ("success", "no_face", "dropped", "busy", "error"))
"""How pictures are answered, by transport; other codes of REST get a series when they come."""

STEPS = ("decode", "detect", "classify", "whole")
_PICTURE_ENDPOINTS = ("predict.predict", "predict.predict_batch")

# One bound is the service level of deploy/monitoring/: 150 ms.
_FAST = (0.0005, 0.001, 0.002, 0.003, 0.005, 0.0075, 0.01, 0.015, 0.025, 0.05, 0.1, 0.15, 0.25, 0.5, 1.0, 2.5)

registry = CollectorRegistry()
requests = Counter("visionai_requests", "HTTP requests answered.", ["method", "endpoint", "status"], registry=registry)
request_seconds = Histogram(
    "visionai_request_seconds",
    "Seconds from an HTTP request to its answer.",
    ["endpoint"],
    buckets=_FAST,
    registry=registry,
)
predictions = Counter(
    "visionai_predictions",
    "Pictures answered, by the way they came and how they were answered: success, or the code of what was wrong.",
    ["transport", "status"],
    registry=registry,
)
failures = Counter(
    "visionai_prediction_failures",
    "Pictures that were not read for a reason of the server's, by its code; they are among visionai_predictions_total.",
    ["transport", "code"],
    registry=registry,
)
frame_age_seconds = Histogram(
    "visionai_frame_age_seconds",
    "Seconds from a frame's arrival to its answer.",
    ["transport"],
    buckets=_FAST,
    registry=registry,
)
step_seconds = Histogram(
    "visionai_step_seconds",
    "Seconds that a step of reading a picture took; whole is all of them.",
    ["step"],
    buckets=_FAST,
    registry=registry,
)
unrecorded = Counter(
    "visionai_frames_unrecorded",
    "Frames whose faces were to be recorded and were not, since as many rows waited as may.",
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
    count_failure(transport, code=status)
    if age_ms is not None:
        frame_age_seconds.labels(transport).observe(age_ms / 1000)


def count_failure(transport: str, *, code: str) -> None:
    """Note that an image was not read, where `code` is one of the server's faults."""
    if code in FAULTS:
        failures.labels(transport, code).inc()


def count_unrecorded(_: object) -> None:
    """Note a frame whose faces were not recorded."""
    unrecorded.inc()


def begin_at_zero(app: Flask) -> None:
    """Make the series of every known label, at 0 where nothing happened yet."""
    for transport, statuses in STATUSES.items():
        for status in statuses:
            predictions.labels(transport, status)
        for code in FAULTS:
            failures.labels(transport, code)
    for step in STEPS:
        step_seconds.labels(step)
    for transport in _STREAMS:
        frame_age_seconds.labels(transport)
    for endpoint in _PICTURE_ENDPOINTS:
        request_seconds.labels(endpoint)
    for rule in app.url_map.iter_rules():
        for method in (rule.methods or set()) & METHODS - {"HEAD", "OPTIONS"}:
            for status in ("500", "503"):
                requests.labels(method, rule.endpoint, status)


registry.register(Standing())
ProcessCollector(registry=registry)
PlatformCollector(registry=registry)
GCCollector(registry=registry)
