"""The `/metrics` endpoint, and the counting of HTTP requests."""

from __future__ import annotations

from http import HTTPStatus

from flask import Flask, Response, current_app, request
from prometheus_client.exposition import choose_encoder

from ..signals import faces_unrecorded, image_analyzed, image_answered, image_failed
from . import metrics
from .access import require_operator
from .requests import elapsed_seconds

_LOGIN = "/api/v1/auth/login"


def init_app(app: Flask) -> None:
    """Serve `/metrics` and count what this process answers."""
    app.after_request(_count_request)
    app.add_url_rule("/metrics", "metrics", _metrics)
    image_analyzed.connect(metrics.count_analysis)
    image_answered.connect(metrics.count_answer)
    image_failed.connect(metrics.count_failure)
    faces_unrecorded.connect(metrics.count_unrecorded)


def _metrics() -> Response:
    """Answer the figures of this process, to an operator only."""
    require_operator()
    metrics.begin_at_zero(current_app)
    encode, content_type = choose_encoder(request.headers.get("Accept", ""))
    return Response(encode(metrics.registry), content_type=content_type, headers={"Cache-Control": "no-store"})


def _count_request(response: Response) -> Response:
    endpoint = request.endpoint or "unknown"
    # A client may invent methods; each would be a series of its own.
    method = request.method if request.method in metrics.METHODS else "other"
    metrics.requests.labels(method, endpoint, str(response.status_code)).inc()
    metrics.request_seconds.labels(endpoint).observe(elapsed_seconds())
    if request.path == _LOGIN and response.status_code in (HTTPStatus.UNAUTHORIZED, HTTPStatus.TOO_MANY_REQUESTS):
        metrics.login_failures.inc()
    return response
