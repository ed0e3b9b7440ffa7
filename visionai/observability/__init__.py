"""What an operator sees of a running server: request ids, log lines and figures for Prometheus.

This part observes the others and none of them imports it. It sees routes, sizes and times; never an image, a token,
a password, the name of a file or the query of a request.
"""

from __future__ import annotations

from flask import Flask

from . import endpoint, logs, requests, streams

__all__ = ["init_app", "start", "watch_streams"]

watch_streams = streams.init_app


def init_app(app: Flask) -> None:
    """Set up logging, request ids and `/metrics`.

    Reads `LOG_LEVEL`, `LOG_FORMAT`, `METRICS_TOKEN` and `TRUSTED_PROXIES`.
    """
    logs.init_app(app)
    requests.init_app(app)
    endpoint.init_app(app)


def start(app: Flask) -> None:
    """Begin to export spans where OTEL_EXPORTER_OTLP_ENDPOINT says where to; else OpenTelemetry is never imported."""
    if app.config["OTEL_EXPORTER_OTLP_ENDPOINT"]:
        from . import tracing

        tracing.start(app)
