"""OpenTelemetry spans of requests and frames, exported by OTLP over HTTP; imported only where that is asked for.

Spans are made by hand with OpenTelemetry's SDK: libraries that instrument by patching would see paths, queries and
statements. A span has a route, a status, counts and times; never an image, a token, an address or a query.
"""

from __future__ import annotations

import atexit
from pathlib import Path

from flask import Flask
from opentelemetry.sdk.resources import OTELResourceDetector, Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.version import __version__ as sdk_version
from opentelemetry.trace import Tracer

from ... import __version__
from ..streams import SPANS
from .collector import Collector
from .export import SpanExport
from .images import ImageSpans
from .requests import RequestSpans


def start(app: Flask) -> None:
    """Begin to make and export the spans of `app`, and see to it that the last ones are sent at exit.

    Reads OTEL_EXPORTER_OTLP_ENDPOINT, _HEADERS, _CERTIFICATE and _TIMEOUT, OTEL_BSP_SCHEDULE_DELAY and
    OTEL_BSP_MAX_QUEUE_SIZE; the SDK reads OTEL_TRACES_SAMPLER and the like. Raises ConfigError for a certificate that
    is none.
    """
    export = _export(app)
    tracer = _tracer(export)
    images = app.extensions["image_spans"] = ImageSpans(tracer)
    images.connect()
    app.extensions[SPANS] = RequestSpans(tracer)
    export.start()
    atexit.register(export.shutdown)


def _export(app: Flask) -> SpanExport:
    certificate: Path | None = app.config["OTEL_EXPORTER_OTLP_CERTIFICATE"]
    collector = Collector(
        app.config["OTEL_EXPORTER_OTLP_ENDPOINT"],
        app.config["OTEL_EXPORTER_OTLP_HEADERS"],
        certificate,
        app.config["OTEL_EXPORTER_OTLP_TIMEOUT"] / 1000,
    )
    return SpanExport(collector, app.config["OTEL_BSP_MAX_QUEUE_SIZE"], app.config["OTEL_BSP_SCHEDULE_DELAY"] / 1000)


def _tracer(export: SpanExport) -> Tracer:
    # Not `Resource.create`, which asks its detectors on a pool of threads; what the environment says wins.
    ours = Resource(
        {
            "service.name": "visionai",
            "service.version": __version__,
            "telemetry.sdk.language": "python",
            "telemetry.sdk.name": "opentelemetry",
            "telemetry.sdk.version": sdk_version,
        }
    )
    provider = TracerProvider(resource=ours.merge(OTELResourceDetector().detect()), shutdown_on_exit=False)
    provider.add_span_processor(export)
    return provider.get_tracer("visionai", __version__)
