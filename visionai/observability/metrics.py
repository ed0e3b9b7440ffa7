"""`/metrics`: the figures in Prometheus' format, and the counting of HTTP requests."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from flask import Flask, Response, request
from prometheus_client.exposition import choose_encoder

from .. import signals
from ..extensions import inference
from . import figures
from .access import require_operator
from .requests import elapsed_seconds

_LOGIN, _PREDICT = "/api/v1/auth/login", "/api/v1/predict"
_BATCH = _PREDICT + "/batch"
_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS"})


def init_app(app: Flask) -> None:
    """Serve `/metrics` and count what this process answers."""
    app.after_request(_count_request)
    app.add_url_rule("/metrics", "metrics", _metrics)
    with app.app_context():
        inference.observe(figures.count_analysis)
    signals.observe(figures.count_frame)


def _metrics() -> Response:
    """Answer the figures of this process, to an operator only."""
    require_operator()
    encode, content_type = choose_encoder(request.headers.get("Accept", ""))
    return Response(encode(figures.registry), content_type=content_type, headers={"Cache-Control": "no-store"})


def _count_request(response: Response) -> Response:
    endpoint = request.endpoint or "unknown"
    # A client may invent methods; each would be a series of its own.
    method = request.method if request.method in _METHODS else "other"
    figures.requests.labels(method, endpoint, str(response.status_code)).inc()
    figures.request_seconds.labels(endpoint).observe(elapsed_seconds())
    if request.method == "POST":
        _count_post(response)
    return response


def _count_post(response: Response) -> None:
    if request.path == _LOGIN and response.status_code in (HTTPStatus.UNAUTHORIZED, HTTPStatus.TOO_MANY_REQUESTS):
        figures.login_failures.inc()
    elif request.path == _PREDICT:
        figures.predictions.labels("rest", _status(response)).inc()
    elif request.path == _BATCH and response.status_code == HTTPStatus.OK:
        for result in response.get_json()["results"]:
            figures.predictions.labels("rest", _status_of_result(result)).inc()


def _status(response: Response) -> str:
    """Return "success" or the code of the error that `response` is."""
    if response.status_code == HTTPStatus.OK:
        return "success"
    body = response.get_json(silent=True) or {}
    return str(body.get("error", {}).get("code", "error"))


def _status_of_result(result: dict[str, Any]) -> str:
    return "success" if result.get("error") is None else str(result["error"].get("code", "error"))
